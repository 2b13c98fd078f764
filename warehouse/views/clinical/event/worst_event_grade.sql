-- The worst grade of recorded, treatment-emergent adverse events: one row per patient with an index date and category,
-- also where there was no adverse_event. Fatal events stand apart (study option adverse_event_grade_5).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @category: any, dermatologic, gastroenterologic, hypertension, liver, bleeding or other (reference.event_category).
-- @worst_grade: 1 to 4, with fatal events by option 5; 0 without an event, empty where there are some without a grade
--   and none with one.
-- @has_event: There was an event, with a grade or without.
-- @has_fatal: There was one of grade 5.
-- @events: How many events count.
-- @ungraded_events: How many of them have no grade that counts.
-- @other_version_events: How many count with a grade of another version of CTCAE whose criteria differ from 4.03.
-- @first_onset_day: Days from the index date to the first onset.
-- @has_early: One began within so many days from the index date (study option event_early_days); empty where only one
-- that was set aside may have.
-- @has_dose_action: For one of them the drug was reduced, interrupted or withdrawn; empty likewise.
WITH category AS (
    SELECT 'any' AS category
    UNION
    SELECT 'other' AS category
    UNION
    SELECT category
    FROM reference.event_category
),

counted AS (
    SELECT
        counted_event.* EXCLUDE (category),
        UNNEST(['any', counted_event.category]) AS category
    FROM clinical_step.counted_event AS counted_event
),

summary AS (
    SELECT
        counted.site_id,
        counted.patient_id,
        counted.category,
        MAX(counted.counted_grade) FILTER (WHERE counted.counted_grade < 5 OR event_option.includes_grade_5)
            AS worst_grade,
        BOOL_OR(counted.counted_grade = 5) AS has_fatal,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE counted.counted_grade IS NULL) AS ungraded_events,
        COUNT(*) FILTER (WHERE counted.grade IS NULL AND counted.counted_grade IS NOT NULL) AS other_version_events,
        MIN(counted.onset_day) AS first_onset_day,
        BOOL_OR(counted.is_early) AS has_early,
        BOOL_OR(counted.has_dose_action) AS has_dose_action
    FROM counted
    CROSS JOIN clinical_step.event_option AS event_option
    GROUP BY counted.site_id, counted.patient_id, counted.category
),

-- Events that were set aside, or whose grade, name, onset or place in the treatment is: of a name that is not known, of
-- any category. They count nowhere and leave open what follows from there being no other.
doubtful AS (
    SELECT
        site_id,
        patient_id,
        CASE WHEN NOT is_name_set_aside THEN COALESCE(category, 'other') END AS category,
        is_treatment_emergent IS NULL AS is_event_open,
        onset_day
    FROM clinical.adverse_event
    WHERE is_treatment_emergent IS NULL OR (is_treatment_emergent AND is_grade_set_aside)
    UNION ALL
    SELECT
        apart.site_id,
        apart.patient_id,
        CAST(NULL AS VARCHAR) AS category,
        TRUE AS is_event_open,
        CAST(apart.first_day - event_window.index_date AS BIGINT) AS onset_day
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical_step.event_window AS event_window
        ON
            apart.site_id = event_window.site_id
            AND apart.patient_id = event_window.patient_id
    WHERE
        apart.table_name = 'adverse_event'
        AND apart.is_row
        AND COALESCE(apart.last_day >= event_window.index_date AND apart.first_day <= event_window.counts_until, TRUE)
),

doubt AS (
    SELECT
        doubtful.site_id,
        doubtful.patient_id,
        category.category,
        BOOL_OR(doubtful.is_event_open) AS is_event_open,
        BOOL_OR(doubtful.is_event_open AND doubtful.onset_day IS NULL) AS is_onset_open,
        MIN(doubtful.onset_day) FILTER (WHERE doubtful.is_event_open) AS open_onset_day,
        BOOL_OR(doubtful.is_event_open AND COALESCE(doubtful.onset_day <= event_option.early_days, TRUE))
            AS is_early_open
    FROM doubtful
    CROSS JOIN clinical_step.event_option AS event_option
    INNER JOIN category ON category.category = 'any' OR COALESCE(doubtful.category = category.category, TRUE)
    GROUP BY doubtful.site_id, doubtful.patient_id, category.category
),

-- What was done with the drug was set aside, of one event or another.
action_doubt AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical_step.set_aside
    WHERE table_name = 'adverse_event' AND column_name = 'action_code'
)

SELECT
    event_window.site_id,
    event_window.patient_id,
    category.category,
    -- Ungraded is empty, nothing at all is 0.
    CASE
        -- A worst grade stands where nothing that was set aside could be worse.
        WHEN
            doubt.patient_id IS NOT NULL
            AND COALESCE(summary.worst_grade, 0) < CASE WHEN event_option.includes_grade_5 THEN 5 ELSE 4 END
            THEN NULL
        WHEN summary.worst_grade IS NOT NULL OR summary.ungraded_events > 0 THEN summary.worst_grade ELSE 0 END
        AS worst_grade,
    CASE WHEN summary.events IS NOT NULL OR NOT COALESCE(doubt.is_event_open, FALSE) THEN summary.events IS NOT NULL END
        AS has_event,
    CASE WHEN summary.has_fatal OR doubt.patient_id IS NULL THEN COALESCE(summary.has_fatal, FALSE) END AS has_fatal,
    COALESCE(summary.events, 0) AS events,
    COALESCE(summary.ungraded_events, 0) AS ungraded_events,
    COALESCE(summary.other_version_events, 0) AS other_version_events,
    CASE
        WHEN
            NOT COALESCE(doubt.is_onset_open, FALSE)
            AND COALESCE(summary.first_onset_day <= doubt.open_onset_day, TRUE)
            THEN summary.first_onset_day
    END AS first_onset_day,
    CASE WHEN summary.has_early OR NOT COALESCE(doubt.is_early_open, FALSE) THEN COALESCE(summary.has_early, FALSE) END
        AS has_early,
    CASE
        WHEN
            summary.has_dose_action
            OR NOT (
                COALESCE(doubt.is_event_open, FALSE)
                OR (action_doubt.patient_id IS NOT NULL AND summary.events IS NOT NULL)
            )
            THEN COALESCE(summary.has_dose_action, FALSE)
    END AS has_dose_action
FROM clinical_step.event_window AS event_window
CROSS JOIN category
LEFT JOIN summary
    ON
        event_window.site_id = summary.site_id
        AND event_window.patient_id = summary.patient_id
        AND category.category = summary.category
LEFT JOIN doubt
    ON
        event_window.site_id = doubt.site_id
        AND event_window.patient_id = doubt.patient_id
        AND category.category = doubt.category
LEFT JOIN action_doubt
    ON
        event_window.site_id = action_doubt.site_id
        AND event_window.patient_id = action_doubt.patient_id
CROSS JOIN clinical_step.event_option AS event_option
