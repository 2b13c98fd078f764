-- What a hospital reports at all: where it reports nothing, that nobody had a treatment is not known.
-- @site_id: The hospital.
-- @tells_procedures: Its current load has procedures.
-- @tells_medications: Its current load has co-medications.
-- @tells_events: Its current load has adverse events.
WITH site AS (
    SELECT DISTINCT site_id
    FROM current.patient
)

SELECT
    site_id,
    site_id IN (SELECT told.site_id FROM current.procedure AS told) AS tells_procedures,
    site_id IN (SELECT told.site_id FROM current.medication AS told) AS tells_medications,
    site_id IN (SELECT told.site_id FROM current.adverse_event AS told) AS tells_events
FROM site
