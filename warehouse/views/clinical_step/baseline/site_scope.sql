-- What a hospital reports at all: where it reports nothing, that nobody had a treatment is not known.
-- @site_id: The hospital.
-- @reports_procedures: Its current load has procedures.
-- @reports_medications: Its current load has co-medications.
-- @reports_events: Its current load has adverse events.
WITH site AS (
    SELECT DISTINCT site_id
    FROM current.patient
)

SELECT
    site_id,
    site_id IN (SELECT reported.site_id FROM current.procedure AS reported) AS reports_procedures,
    site_id IN (SELECT reported.site_id FROM current.medication AS reported) AS reports_medications,
    site_id IN (SELECT reported.site_id FROM current.adverse_event AS reported) AS reports_events
FROM site
