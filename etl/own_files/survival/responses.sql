-- The responses of the rows that could be read, as the rules ask for them: progression, and the last scan that showed
-- none.
-- A patient without either has one row without a day. Reads `typed_row` and clinical_step.study_number.
WITH seen AS (
    SELECT
        record,
        progressed_on AS seen_on,
        'PD' AS response
    FROM typed_row
    UNION ALL
    SELECT
        record,
        last_scan_on AS seen_on,
        'SD' AS response
    FROM typed_row
    -- A scan after progression, or on its day, says nothing of the time before.
    WHERE progressed_on IS NULL OR last_scan_on < progressed_on
)

SELECT
    '' AS site_id,
    CAST(typed_row.record AS VARCHAR) AS patient_id,
    'reported' AS reading,
    seen.seen_on - typed_row.index_date AS day,
    seen.response,
    typed_row.new_therapy_on - typed_row.index_date AS new_therapy_day
FROM typed_row
CROSS JOIN clinical_step.study_number AS study_number
LEFT JOIN seen
    ON
        typed_row.record = seen.record
        AND typed_row.index_date < seen.seen_on
        AND study_number.data_cut_off >= seen.seen_on
WHERE typed_row.is_read
