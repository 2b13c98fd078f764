-- Every treatment of the tumour other than the study's own, which is the drug or procedure that it counts from:
-- procedures, and courses of drugs; none that began after the data cut-off.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @kind: procedure or drug.
-- @treatment_code: What was done or given. Code lists: procedure, systemic_drug.
-- @target_site_code: The organ that was treated, as far as is reported. Code list: organ.
-- @started_on: First day; of a date known to the month or year, the first day that it can mean.
-- @started_not_after: Last day that it can mean.
-- @is_target_set_aside: What the hospital wrote of the organ was set aside: it may be any.
WITH target AS (
    SELECT *
    FROM clinical_step.set_aside
    WHERE table_name = 'procedure' AND column_name = 'target_site_code'
),

treatment AS (
    SELECT
        performed.site_id,
        performed.patient_id,
        'procedure' AS kind,
        performed.procedure_code AS treatment_code,
        performed.target_site_code,
        performed.started_on,
        performed.started_on_precision,
        target.source_record IS NOT NULL AS is_target_set_aside
    FROM current.procedure AS performed
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN target
        ON
            performed.site_id = target.site_id
            AND performed.source_file = target.source_file
            AND performed.source_sheet IS NOT DISTINCT FROM target.source_sheet
            AND performed.source_record = target.source_record
            AND performed.source_ordinal = target.source_ordinal
    WHERE performed.procedure_code IS DISTINCT FROM study_number.index_procedure
    UNION ALL
    SELECT
        course.site_id,
        course.patient_id,
        'drug' AS kind,
        course.drug_code AS treatment_code,
        CAST(NULL AS VARCHAR) AS target_site_code,
        course.started_on,
        course.started_on_precision,
        FALSE AS is_target_set_aside
    FROM current.treatment_course AS course
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        course.drug_code IS DISTINCT FROM study_number.index_drug
        OR COALESCE(course.role_code, 'study') <> 'study'
)

SELECT
    treatment.site_id,
    treatment.patient_id,
    treatment.kind,
    treatment.treatment_code,
    treatment.target_site_code,
    treatment.started_on,
    CASE treatment.started_on_precision
        WHEN 'month' THEN LAST_DAY(treatment.started_on)
        WHEN 'year' THEN CAST(treatment.started_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
        ELSE treatment.started_on
    END AS started_not_after,
    treatment.is_target_set_aside
FROM treatment
CROSS JOIN clinical_step.study_number AS study_number
WHERE treatment.started_on <= study_number.data_cut_off
