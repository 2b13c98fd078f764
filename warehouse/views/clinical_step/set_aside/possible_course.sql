-- Courses of the study drug that may be there: what was set aside of treatment courses and may be of it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @column_name: The column whose cell was set aside; empty for a whole row.
-- @is_row: It is a whole row; the course itself is in no table.
-- @first_day: First day that the course can have begun on; empty where not readable.
-- @stopped_not_after: Last day that its end can be; empty where there is none or it is not readable.
SELECT
    apart.site_id,
    apart.patient_id,
    apart.column_name,
    apart.is_row,
    apart.first_day,
    apart.stopped_not_after
FROM clinical_step.set_aside AS apart
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    study_number.index_drug IS NOT NULL
    AND apart.table_name = 'treatment_course'
    AND (apart.is_row OR apart.column_name IN ('role_code', 'stopped_on'))
    -- A drug that could not be read may be the study drug, unless its role says otherwise.
    AND COALESCE(apart.code = study_number.index_drug, TRUE)
    AND COALESCE(apart.role_code, 'study') = 'study'
