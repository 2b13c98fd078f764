-- Treatments of the tumour that may be there: quarantined procedures, and courses that may be of another drug.
-- They prove nothing; they leave open what would follow from there being no other treatment.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @kind: procedure or drug.
-- @treatment_code: What was done or given; empty where not readable. Code lists: procedure, systemic_drug.
-- @target_site_code: The organ that was treated; empty where not readable. Code list: organ.
-- @role_code: Role of the course; empty where not readable. Code list: course_role.
-- @started_on: First day that it can have begun on; empty where not readable.
-- @started_not_after: Last day that it can have begun on; empty where not readable.
SELECT
    apart.site_id,
    apart.patient_id,
    CASE apart.table_name WHEN 'procedure' THEN 'procedure' ELSE 'drug' END AS kind,
    apart.code AS treatment_code,
    apart.organ_code AS target_site_code,
    apart.role_code,
    apart.first_day AS started_on,
    apart.last_day AS started_not_after
FROM clinical_step.set_aside AS apart
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    (
        (apart.table_name = 'procedure' AND NOT COALESCE(apart.code = study_number.index_procedure, FALSE))
        OR (
            apart.table_name = 'treatment_course'
            AND NOT (
                COALESCE(apart.code = study_number.index_drug, FALSE) AND COALESCE(apart.role_code, 'study') = 'study'
            )
        )
    )
    AND apart.is_row
    -- "Nothing after the data cut-off is counted."
    AND COALESCE(apart.first_day <= study_number.data_cut_off, TRUE)
