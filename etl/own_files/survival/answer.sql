-- The times to events of every row that could be read, and why one is missing. Reads the rules, `typed_row` and
-- `asked`, which says whether the file has a column about progression.
WITH timed AS (
    SELECT
        typed_row.record,
        survival.os_days,
        survival.os_months,
        survival.os_event,
        survival.survival_group,
        response.ttp_days,
        response.ttp_months,
        response.ttp_event,
        response.pfs_days,
        response.pfs_months,
        response.pfs_event,
        -- Without progression the last scan without it says how long there was none; it must be known.
        asked.progression
        AND (
            response.ttp_event
            OR COALESCE(response.ttp_days = typed_row.last_scan_on - typed_row.index_date, FALSE)
        ) AS is_ttp_known,
        asked.progression
        AND (response.pfs_event OR (is_ttp_known AND response.pfs_event IS NOT NULL)) IS TRUE AS is_pfs_known,
        asked.progression,
        typed_row.last_scan_on,
        typed_row.vital_status_code
    FROM typed_row
    INNER JOIN clinical.survival AS survival ON CAST(typed_row.record AS VARCHAR) = survival.patient_id
    INNER JOIN clinical.response_time AS response ON survival.patient_id = response.patient_id
    CROSS JOIN asked
)

SELECT
    record,
    os_days,
    os_months,
    os_event,
    survival_group,
    CASE WHEN is_ttp_known THEN ttp_days END AS ttp_days,
    CASE WHEN is_ttp_known THEN ttp_months END AS ttp_months,
    CASE WHEN is_ttp_known THEN ttp_event END AS ttp_event,
    CASE WHEN is_pfs_known THEN pfs_days END AS pfs_days,
    CASE WHEN is_pfs_known THEN pfs_months END AS pfs_months,
    CASE WHEN is_pfs_known THEN pfs_event END AS pfs_event,
    NULLIF(CONCAT_WS(
        '; ',
        CASE
            WHEN os_event IS NOT NULL THEN NULL
            WHEN vital_status_code = 'dead' THEN 'survival: dead on a day that is not given'
            ELSE 'survival: neither died_on nor last_contact_on is given'
        END,
        CASE
            WHEN NOT progression OR is_ttp_known THEN NULL
            WHEN last_scan_on IS NULL THEN 'progression: without it, last_scan_on must be given'
            ELSE 'progression: the last scan before new therapy or the data cut-off is not given'
        END
    ), '') AS reason
FROM timed
