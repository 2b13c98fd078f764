-- Conditions that may be there: rows of the medical history that were set aside, and words on presence that were.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @column_name: The column whose cell was set aside; empty for a whole row.
-- @condition_code: Which condition; empty where not readable. Code list: condition.
SELECT
    site_id,
    patient_id,
    column_name,
    code AS condition_code
FROM clinical_step.set_aside
WHERE table_name = 'medical_history' AND (is_row OR column_name IN ('is_present', 'cured_on'))
