-- Nothing happens to a patient before the patient is born.
SELECT
    dated_value.table_name,
    dated_value.column_name,
    dated_value.source_id,
    dated_value.source_record,
    dated_value.source_ordinal,
    dated_value.first_day AS found,
    patient.birth_date AS expected
FROM dated_value
INNER JOIN core.patient AS patient
    ON dated_value.patient_id = patient.patient_id AND patient.load_id = GETVARIABLE('load_id')
WHERE
    dated_value.last_day < patient.birth_date
    AND dated_value.column_name <> 'birth_date'
