-- The visit that each day of imaging belongs to; visits are what every later rule of response reads.
-- "Chest CT and liver MRI some days apart are one assessment." A visit begins at its first scan and takes what follows
-- within assessment_window_days of that first one, never across the index date or the first day of new therapy.
-- Reads clinical_step.imaging_day, clinical_step.measured_lesion, what was set aside of lesions, and the options alone.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @seen_day: Days from the index date to the imaging.
-- @day: The visit, named by its first day of imaging; the baseline by its last, the one nearest to treatment.
-- @is_baseline: The day belongs to the visit that later ones are compared with.
-- @is_only_day: The visit has no other day.
-- @can_measure_viable: A contrast-enhanced scan with an arterial phase, as far as is known.
WITH lesion_day AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        day
    FROM clinical_step.measured_lesion
    UNION
    SELECT
        site_id,
        patient_id,
        day
    FROM clinical_step.lesion_set_aside
),

before_treatment AS (
    SELECT
        imaging_day.site_id,
        imaging_day.patient_id,
        imaging_day.day AS seen_day,
        imaging_day.can_measure_viable,
        response_option.baseline_window_days,
        MAX(imaging_day.day) OVER (PARTITION BY imaging_day.site_id, imaging_day.patient_id) AS last_day
    FROM clinical_step.imaging_day AS imaging_day
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN lesion_day
        ON
            imaging_day.site_id = lesion_day.site_id
            AND imaging_day.patient_id = lesion_day.patient_id
            AND imaging_day.day = lesion_day.day
    WHERE imaging_day.day <= 0
),

after_start AS (
    SELECT
        imaging_day.site_id,
        imaging_day.patient_id,
        imaging_day.day AS seen_day,
        imaging_day.can_measure_viable,
        -- A scan on the day on which new therapy begins was made before it.
        COALESCE(imaging_day.day > imaging_day.new_therapy_day, FALSE) AS is_after_new_therapy
    FROM clinical_step.imaging_day AS imaging_day
    WHERE imaging_day.day > 0
),

-- "Without chaining: days 50, 60, 70 are two visits": a visit begins where the window of the one before has ended.
-- The linter knows no lambda.
course AS (
    SELECT
        after_start.site_id,
        after_start.patient_id,
        after_start.is_after_new_therapy,
        LIST_REDUCE(  -- noqa: PRS,CP02,RF02
            LIST([after_start.seen_day] ORDER BY after_start.seen_day),
            LAMBDA begun, next_one: CASE
                WHEN next_one[1] - begun[-1] <= response_option.assessment_window_days THEN begun
                ELSE LIST_CONCAT(begun, next_one)
            END
        ) AS first_days
    FROM after_start
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY
        after_start.site_id,
        after_start.patient_id,
        after_start.is_after_new_therapy,
        response_option.assessment_window_days
),

-- "Every lesion imaged in the window up to and including the index date"; 0: the last day with lesions alone.
placed AS (
    SELECT
        site_id,
        patient_id,
        seen_day,
        last_day AS day,
        TRUE AS is_baseline,
        can_measure_viable
    FROM before_treatment
    WHERE CASE baseline_window_days WHEN 0 THEN seen_day = last_day ELSE seen_day >= -baseline_window_days END
    UNION ALL
    SELECT
        after_start.site_id,
        after_start.patient_id,
        after_start.seen_day,
        LIST_MAX(
            LIST_FILTER(course.first_days, LAMBDA first_day: first_day <= after_start.seen_day)  -- noqa: RF02
        ) AS day,
        FALSE AS is_baseline,
        after_start.can_measure_viable
    FROM after_start
    INNER JOIN course
        ON
            after_start.site_id = course.site_id
            AND after_start.patient_id = course.patient_id
            AND after_start.is_after_new_therapy = course.is_after_new_therapy
)

SELECT
    site_id,
    patient_id,
    seen_day,
    day,
    is_baseline,
    COUNT(*) OVER (PARTITION BY site_id, patient_id, day) = 1 AS is_only_day,
    can_measure_viable
FROM placed
