-- The index date of every patient: the first dose of sorafenib. Empty when it is not known to the day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: First dose of sorafenib; empty when there is none, or when it is not known to the day.
-- @first_dose_precision: How precisely the first dose is known: day, month or year; empty when there is none.
WITH first_course AS (
    SELECT
        course.site_id,
        course.patient_id,
        MIN(course.started_on) AS started_on,
        -- A partial date holds its first day, so of two courses on one day the less precise one may be the earlier.
        ARG_MIN(
            COALESCE(course.started_on_precision, 'day'),
            (course.started_on, COALESCE(course.started_on_precision, 'day') = 'day')
        ) AS started_on_precision
    FROM current.treatment_course AS course
    CROSS JOIN clinical_step.study_number
    WHERE
        course.drug_code = study_number.index_drug
        AND COALESCE(course.role_code, 'study') = 'study'
    GROUP BY course.site_id, course.patient_id
)

SELECT
    patient.site_id,
    patient.patient_id,
    -- Study definitions: "index date: first dose of sorafenib; needs day precision".
    CASE WHEN first_course.started_on_precision = 'day' THEN first_course.started_on END AS index_date,
    first_course.started_on_precision AS first_dose_precision
FROM current.patient AS patient
LEFT JOIN first_course
    ON
        patient.site_id = first_course.site_id
        AND patient.patient_id = first_course.patient_id
