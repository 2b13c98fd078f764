-- The last day on which every patient took the study drug, and whether it was stopped for good; both empty where the
-- study counts from another event than its first dose (study option index_event).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @last_dose_on: Last day on which it was taken: of the last dose step, or else of the course; not after the data
-- cut-off.
-- @is_stopped: Every course of it has an end, by the data cut-off.
-- @reason: Why there is no last dose; empty when there is one.
WITH course_end AS (
    SELECT
        course.site_id,
        course.patient_id,
        MAX(course.stopped_on) AS last_stop_on,
        BOOL_AND(course.stopped_on IS NOT NULL) AS is_stopped
    FROM current.treatment_course AS course
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE course.drug_code = study_number.index_drug AND COALESCE(course.role_code, 'study') = 'study'
    GROUP BY course.site_id, course.patient_id
),

dose_end AS (
    SELECT
        exposure.site_id,
        exposure.patient_id,
        MAX(exposure.stopped_on) AS last_step_on,
        MAX(exposure.started_on) FILTER (WHERE exposure.stopped_on IS NULL) AS last_open_step_on
    FROM current.exposure AS exposure
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        exposure.drug_code = study_number.index_drug
        AND exposure.dose_mg > 0
        AND exposure.is_interruption IS DISTINCT FROM TRUE
    GROUP BY exposure.site_id, exposure.patient_id
),

last_recorded_dose AS (
    SELECT
        course_end.site_id,
        course_end.patient_id,
        course_end.is_stopped,
        -- Dose steps, where there are any, are closer to the patient than the course's own dates; a last step without
        -- an end leaves it to the course.
        CASE
            WHEN dose_end.last_open_step_on IS NULL OR dose_end.last_open_step_on <= dose_end.last_step_on
                THEN COALESCE(dose_end.last_step_on, course_end.last_stop_on)
            ELSE course_end.last_stop_on
        END AS last_dose_on
    FROM course_end
    LEFT JOIN dose_end
        ON
            course_end.site_id = dose_end.site_id
            AND course_end.patient_id = dose_end.patient_id
)

SELECT
    index_date.site_id,
    index_date.patient_id,
    index_date.index_date,
    -- Study definitions: nothing after the data cut-off is counted. Who still took the drug then goes on.
    CASE
        WHEN recorded.last_dose_on > study_number.data_cut_off THEN study_number.data_cut_off
        ELSE recorded.last_dose_on
    END AS last_dose_on,
    recorded.is_stopped AND COALESCE(recorded.last_dose_on <= study_number.data_cut_off, TRUE) AS is_stopped,
    CASE
        WHEN study_number.index_drug IS NULL
            THEN 'no study drug: counted from ' || study_number.index_event_words
        WHEN recorded.last_dose_on IS NULL THEN 'the last dose is not known'
    END AS reason
FROM clinical.index_date AS index_date
LEFT JOIN last_recorded_dose AS recorded
    ON
        index_date.site_id = recorded.site_id
        AND index_date.patient_id = recorded.patient_id
CROSS JOIN clinical_step.study_number AS study_number
WHERE index_date.index_date IS NOT NULL
