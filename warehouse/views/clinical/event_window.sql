-- The time in which a patient's adverse events count: from the index date to so many days after the last dose (study
-- option adverse_event_days_after), or to the data cut-off where the drug is not known to have been stopped.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: First dose of the study drug.
-- @last_dose_on: Last day on which the drug was taken, by the dose steps, or else the courses; empty while it goes on.
-- @counts_until: Last day on which an event may begin that counts.
WITH last_step AS (
    SELECT
        exposure.site_id,
        exposure.patient_id,
        MAX(exposure.stopped_on) AS stopped_on,
        BOOL_OR(exposure.stopped_on IS NULL) AS has_open_step
    FROM current.exposure AS exposure
    CROSS JOIN clinical.study_number AS study_number
    WHERE
        exposure.drug_code = study_number.index_drug
        -- A step of 0 mg is an interruption.
        AND exposure.dose_mg > 0
    GROUP BY exposure.site_id, exposure.patient_id
),

last_course AS (
    SELECT
        course.site_id,
        course.patient_id,
        MAX(course.stopped_on) AS stopped_on,
        BOOL_OR(course.stopped_on IS NULL) AS has_open_course
    FROM current.treatment_course AS course
    CROSS JOIN clinical.study_number AS study_number
    WHERE
        course.drug_code = study_number.index_drug
        AND COALESCE(course.role_code, 'study') = 'study'
    GROUP BY course.site_id, course.patient_id
),

last_dose AS (
    SELECT
        index_date.site_id,
        index_date.patient_id,
        index_date.index_date,
        CASE
            WHEN NOT last_step.has_open_step THEN last_step.stopped_on
            WHEN NOT last_course.has_open_course THEN last_course.stopped_on
        END AS last_dose_on
    FROM clinical.index_date AS index_date
    LEFT JOIN last_step
        ON
            index_date.site_id = last_step.site_id
            AND index_date.patient_id = last_step.patient_id
    LEFT JOIN last_course
        ON
            index_date.site_id = last_course.site_id
            AND index_date.patient_id = last_course.patient_id
    WHERE index_date.index_date IS NOT NULL
)

SELECT
    last_dose.site_id,
    last_dose.patient_id,
    last_dose.index_date,
    last_dose.last_dose_on,
    LEAST(last_dose.last_dose_on + event_option.days_after_last_dose, study_number.data_cut_off) AS counts_until
FROM last_dose
CROSS JOIN clinical.event_option AS event_option
CROSS JOIN clinical.study_number AS study_number
