-- Nothing is recorded of a patient after death. A death known to the month may lie on its last day.
WITH death AS (
    SELECT
        patient_id,
        MAX(first_day) AS first_day,
        MAX(last_day) AS last_day
    FROM dated_value
    WHERE table_name = 'follow_up' AND column_name = 'died_on'
    GROUP BY patient_id
)

SELECT
    dated_value.table_name,
    dated_value.column_name,
    dated_value.source_id,
    dated_value.source_record,
    dated_value.source_ordinal,
    dated_value.first_day AS found,
    death.first_day AS expected
FROM dated_value
INNER JOIN death ON dated_value.patient_id = death.patient_id
WHERE
    dated_value.first_day > death.last_day
    AND dated_value.column_name <> 'died_on'
