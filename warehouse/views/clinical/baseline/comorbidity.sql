-- Conditions of every patient besides the tumour, as recorded: present (true), absent (false), or nothing said (empty).
-- Where a row or a word was set aside that may have said present, absent is not known (empty).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @has_diabetes: Diabetes mellitus; once recorded as present, it is.
-- @has_hypertension: Hypertension, likewise.
-- @has_cirrhosis: Liver cirrhosis, likewise.
WITH recorded AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_present) FILTER (WHERE condition_code = 'diabetes') AS has_diabetes,
        BOOL_OR(is_present) FILTER (WHERE condition_code = 'hypertension') AS has_hypertension,
        BOOL_OR(is_present) FILTER (WHERE condition_code = 'cirrhosis') AS has_cirrhosis
    FROM current.medical_history
    GROUP BY site_id, patient_id
),

doubt AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(COALESCE(condition_code = 'diabetes', TRUE)) AS is_diabetes_open,
        BOOL_OR(COALESCE(condition_code = 'hypertension', TRUE)) AS is_hypertension_open,
        BOOL_OR(COALESCE(condition_code = 'cirrhosis', TRUE)) AS is_cirrhosis_open
    FROM clinical_step.possible_condition
    WHERE column_name IS DISTINCT FROM 'cured_on'
    GROUP BY site_id, patient_id
)

SELECT
    recorded.site_id,
    recorded.patient_id,
    CASE
        WHEN recorded.has_diabetes OR NOT COALESCE(doubt.is_diabetes_open, FALSE) THEN recorded.has_diabetes
    END AS has_diabetes,
    CASE
        WHEN recorded.has_hypertension OR NOT COALESCE(doubt.is_hypertension_open, FALSE) THEN recorded.has_hypertension
    END AS has_hypertension,
    CASE
        WHEN recorded.has_cirrhosis OR NOT COALESCE(doubt.is_cirrhosis_open, FALSE) THEN recorded.has_cirrhosis
    END AS has_cirrhosis
FROM recorded
LEFT JOIN doubt
    ON
        recorded.site_id = doubt.site_id
        AND recorded.patient_id = doubt.patient_id
