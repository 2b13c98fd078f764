-- Dose steps of the study drug that may be there: what was set aside of exposures and may be of it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @is_row: It is a whole row; the step itself is in no table.
-- @first_day: First day that the step can have begun on; empty where not readable.
-- @stopped_on: Its last day as reported; empty where there is none or it is not readable.
SELECT
    apart.site_id,
    apart.patient_id,
    apart.is_row,
    apart.first_day,
    apart.stopped_on
FROM clinical_step.set_aside AS apart
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    study_number.index_drug IS NOT NULL
    AND apart.table_name = 'exposure'
    AND (apart.is_row OR apart.column_name IN ('stopped_on', 'dose_mg', 'times_per_day', 'is_interruption'))
    AND COALESCE(apart.code = study_number.index_drug, TRUE)
