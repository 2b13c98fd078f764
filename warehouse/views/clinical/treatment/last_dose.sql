-- The last day on which every patient took the study drug, and whether it was stopped for good; both empty where the
-- study counts from another event than its first dose (study option index_event).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @last_dose_on: Last day on which it was taken: of the last dose step, or else of the course; not after the data
-- cut-off.
-- @is_stopped: Every course of it has an end, by the data cut-off; empty when what was set aside leaves that open.
-- @reason: Why there is no last dose; empty when there is one.
-- @taken_at_least_until: Last day on which it is known to have been taken, also where the last dose is not known.
-- @is_set_aside: A dose step or a course was set aside that may hold a later dose: the last dose is not known.
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
        END AS last_dose_on,
        COALESCE(dose_end.last_open_step_on <= dose_end.last_step_on, dose_end.last_step_on IS NOT NULL)
            AS is_by_steps,
        GREATEST(dose_end.last_step_on, dose_end.last_open_step_on) AS last_known_on
    FROM course_end
    LEFT JOIN dose_end
        ON
            course_end.site_id = dose_end.site_id
            AND course_end.patient_id = dose_end.patient_id
),

-- What was set aside leaves the last dose open, unless it surely ended no later.
step_doubt AS (
    SELECT DISTINCT
        possible_step.site_id,
        possible_step.patient_id
    FROM clinical_step.possible_step AS possible_step
    INNER JOIN last_recorded_dose AS recorded
        ON
            possible_step.site_id = recorded.site_id
            AND possible_step.patient_id = recorded.patient_id
    WHERE
        -- A step is closer to the patient than the course, also when it ended before the course.
        NOT recorded.is_by_steps
        OR COALESCE(
            CASE
                WHEN possible_step.is_row THEN possible_step.stopped_on > recorded.last_dose_on
                ELSE possible_step.stopped_on >= recorded.last_dose_on
            END, TRUE
        )
),

course_doubt AS (
    SELECT
        possible_course.site_id,
        possible_course.patient_id,
        BOOL_OR(
            NOT recorded.is_by_steps
            AND COALESCE(
                CASE
                    WHEN possible_course.is_row THEN possible_course.stopped_not_after > recorded.last_dose_on
                    -- A course that stayed and whose role was set aside may be the one that ended last, and none of it.
                    ELSE possible_course.stopped_not_after >= recorded.last_dose_on
                END, TRUE
            )
        ) AS is_last_dose_open,
        BOOL_OR(possible_course.stopped_not_after IS NULL) AS is_end_open
    FROM clinical_step.possible_course AS possible_course
    INNER JOIN last_recorded_dose AS recorded
        ON
            possible_course.site_id = recorded.site_id
            AND possible_course.patient_id = recorded.patient_id
    GROUP BY possible_course.site_id, possible_course.patient_id
),

judged AS (
    SELECT
        recorded.*,
        step_doubt.patient_id IS NOT NULL OR COALESCE(course_doubt.is_last_dose_open, FALSE) AS is_set_aside,
        COALESCE(course_doubt.is_end_open, FALSE) AS is_end_open
    FROM last_recorded_dose AS recorded
    LEFT JOIN step_doubt
        ON
            recorded.site_id = step_doubt.site_id
            AND recorded.patient_id = step_doubt.patient_id
    LEFT JOIN course_doubt
        ON
            recorded.site_id = course_doubt.site_id
            AND recorded.patient_id = course_doubt.patient_id
)

SELECT
    index_date.site_id,
    index_date.patient_id,
    index_date.index_date,
    -- Study definitions: nothing after the data cut-off is counted. Who still took the drug then goes on.
    CASE
        WHEN recorded.is_set_aside THEN NULL
        WHEN recorded.last_dose_on > study_number.data_cut_off THEN study_number.data_cut_off
        ELSE recorded.last_dose_on
    END AS last_dose_on,
    CASE
        WHEN NOT recorded.is_end_open
            THEN recorded.is_stopped AND COALESCE(recorded.last_dose_on <= study_number.data_cut_off, TRUE)
    END AS is_stopped,
    CASE
        WHEN study_number.index_drug IS NULL
            THEN 'no study drug: counted from ' || study_number.index_event_words
        WHEN recorded.is_set_aside THEN 'a dose step or a course was set aside that may hold the last dose'
        WHEN recorded.last_dose_on IS NULL THEN 'the last dose is not known'
    END AS reason,
    LEAST(
        CASE
            WHEN recorded.is_set_aside THEN GREATEST(recorded.last_known_on, index_date.index_date)
            ELSE GREATEST(recorded.last_dose_on, recorded.last_known_on, index_date.index_date)
        END, study_number.data_cut_off
    ) AS taken_at_least_until,
    COALESCE(recorded.is_set_aside, FALSE) AS is_set_aside
FROM clinical.index_date AS index_date
LEFT JOIN judged AS recorded
    ON
        index_date.site_id = recorded.site_id
        AND index_date.patient_id = recorded.patient_id
CROSS JOIN clinical_step.study_number AS study_number
WHERE index_date.index_date IS NOT NULL
