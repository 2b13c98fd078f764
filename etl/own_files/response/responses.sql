-- Rows of the user's file as responses: each typed, or with the reason why it is not read.
-- Reads `cell`; gives one row per row of the file.
WITH typed AS (
    SELECT
        _record AS record,
        _defect AS defect,
        patient_id,
        PLAIN_DAY(day) AS day,
        overall_response IS NOT NULL AS has_response,
        CASE REPLACE(UPPER(overall_response), ' ', '')
            WHEN 'CR' THEN 'CR'
            WHEN 'PR' THEN 'PR'
            WHEN 'SD' THEN 'SD'
            WHEN 'IR/SD' THEN 'IR/SD'
            WHEN 'NON-CR/NON-PD' THEN 'IR/SD'
            WHEN 'PD' THEN 'PD'
            WHEN 'NE' THEN 'NE'
        END AS response,
        new_therapy_day IS NOT NULL AS has_new_therapy,
        PLAIN_DAY(new_therapy_day) AS new_therapy_day
    FROM cell
),

judged AS (
    SELECT
        *,
        NULLIF(CONCAT_WS(
            '; ',
            defect,
            CASE WHEN patient_id IS NULL THEN 'patient_id is empty' END,
            CASE WHEN day IS NULL THEN 'day is not a whole number' END,
            CASE
                WHEN has_response AND response IS NULL
                    THEN 'overall_response is not one of CR, PR, SD, IR/SD, PD, NE'
                WHEN NOT has_response AND day > 0 THEN 'overall_response is empty'
            END,
            CASE
                WHEN has_new_therapy AND new_therapy_day IS NULL THEN 'new_therapy_day is not a whole number'
            END,
            CASE WHEN response IS NOT NULL AND day <= 0 THEN 'not after the start of treatment (day 0)' END
        ), '') AS reason
    FROM typed
)

SELECT
    record,
    patient_id,
    day,
    response,
    new_therapy_day,
    has_new_therapy AND new_therapy_day IS NULL AS is_therapy_unreadable,
    reason IS NULL AND response IS NOT NULL AS is_read,
    -- A row that is not read, and that may say progression on a day of treatment.
    reason IS NOT NULL
    AND COALESCE(day > 0, has_response OR defect IS NOT NULL)
    AND COALESCE(response = 'PD' OR defect IS NOT NULL, TRUE) AS may_hide_progression,
    reason
FROM judged
