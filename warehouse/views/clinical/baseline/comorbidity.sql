-- Conditions of every patient besides the tumour, as recorded: present (true), absent (false), or nothing said (empty).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @has_diabetes: Diabetes mellitus; once recorded as present, it is.
-- @has_hypertension: Hypertension, likewise.
-- @has_cirrhosis: Liver cirrhosis, likewise.
SELECT
    site_id,
    patient_id,
    BOOL_OR(is_present) FILTER (WHERE condition_code = 'diabetes') AS has_diabetes,
    BOOL_OR(is_present) FILTER (WHERE condition_code = 'hypertension') AS has_hypertension,
    BOOL_OR(is_present) FILTER (WHERE condition_code = 'cirrhosis') AS has_cirrhosis
FROM current.medical_history
GROUP BY site_id, patient_id
