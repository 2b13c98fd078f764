-- Every event of the kind from which the study counts (study option index_event); the first is the index date.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @happened_on: First day of the drug's course or of the procedure, or the day of the event; of a date known to the
--   month or year, the first day that it can mean.
-- @happened_on_precision: How precisely the day is known: day, month or year.
-- @ended_on: Last session of a procedure, the last day that it can mean; empty for other events.
SELECT
    course.site_id,
    course.patient_id,
    course.started_on AS happened_on,
    COALESCE(course.started_on_precision, 'day') AS happened_on_precision,
    CAST(NULL AS DATE) AS ended_on
FROM current.treatment_course AS course
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    course.drug_code = study_number.index_drug
    AND COALESCE(course.role_code, 'study') = 'study'
UNION ALL
SELECT
    performed.site_id,
    performed.patient_id,
    performed.started_on AS happened_on,
    COALESCE(performed.started_on_precision, 'day') AS happened_on_precision,
    COALESCE(
        performed.ended_on,
        CASE performed.started_on_precision
            WHEN 'month' THEN LAST_DAY(performed.started_on)
            WHEN 'year' THEN CAST(performed.started_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE performed.started_on
        END
    ) AS ended_on
FROM current.procedure AS performed
CROSS JOIN clinical_step.study_number AS study_number
WHERE performed.procedure_code = study_number.index_procedure
UNION ALL
SELECT
    patient.site_id,
    patient.patient_id,
    patient.diagnosed_on AS happened_on,
    COALESCE(patient.diagnosed_on_precision, 'day') AS happened_on_precision,
    CAST(NULL AS DATE) AS ended_on
FROM current.patient AS patient
CROSS JOIN clinical_step.study_number AS study_number
WHERE patient.diagnosed_on IS NOT NULL AND study_number.index_event = 'diagnosis'
UNION ALL
SELECT
    observation.site_id,
    observation.patient_id,
    observation.observed_on AS happened_on,
    'day' AS happened_on_precision,
    CAST(NULL AS DATE) AS ended_on
FROM current.observation AS observation
CROSS JOIN clinical_step.study_number AS study_number
WHERE observation.observation_code = 'index_event' AND study_number.index_event = 'dated_event'
