-- Pseudonyms differ from hospital to hospital, so that nobody can be followed by name. Who was born on the same day,
-- is of the same sex and shares one more date to the day (diagnosis, start of the study drug, death) is probably one.
WITH person AS (
    SELECT
        patient.load_id,
        patient.patient_id,
        patient.source_id,
        patient.source_record,
        patient.source_ordinal,
        patient.birth_date,
        patient.sex,
        UNNEST([
            CASE WHEN COALESCE(patient.diagnosed_on_precision, 'day') = 'day' THEN 'first ' || patient.diagnosed_on END,
            CASE WHEN COALESCE(course.started_on_precision, 'day') = 'day' THEN 'start ' || course.started_on END,
            CASE WHEN COALESCE(follow_up.died_on_precision, 'day') = 'day' THEN 'death ' || follow_up.died_on END
        ]) AS shared_date
    FROM core.patient AS patient
    LEFT JOIN core.treatment_course AS course
        ON
            patient.load_id = course.load_id
            AND patient.patient_id = course.patient_id
            AND course.role_code = 'study'
    LEFT JOIN core.follow_up AS follow_up
        ON patient.load_id = follow_up.load_id AND patient.patient_id = follow_up.patient_id
    WHERE COALESCE(patient.birth_date_precision, 'day') = 'day'
),

elsewhere AS (
    SELECT
        person.*,
        site.site_id
    FROM person
    INNER JOIN audit.site AS site ON person.load_id = site.current_load_id
    INNER JOIN audit.load AS here ON here.load_id = GETVARIABLE('load_id') AND site.site_id <> here.site_id
)

SELECT
    'patient' AS table_name,
    'patient_id' AS column_name,
    person.source_id,
    person.source_record,
    person.source_ordinal,
    'patient ' || elsewhere.patient_id || ' of ' || elsewhere.site_id AS found,
    'one hospital for each person' AS expected
FROM person
INNER JOIN elsewhere
    ON
        person.birth_date = elsewhere.birth_date
        AND person.sex = elsewhere.sex
        AND person.shared_date = elsewhere.shared_date
WHERE person.load_id = GETVARIABLE('load_id')
GROUP BY ALL
