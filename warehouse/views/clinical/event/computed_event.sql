-- Adverse events that numbers alone show, by the counted criteria of CTCAE 4.03: blood pressure, temperature, weight,
-- stools. Kept apart from recorded events and never counted with them, because grade 1 of hypertension is common before
-- any treatment: is_worsened says whether the grade lies above the patient's own baseline, the last one in the days
-- before the index date (study option baseline_days_before).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @observed_on: The day of the measurement.
-- @day: Days from the index date to it.
-- @term: The CTCAE 4.03 term.
-- @category: dermatologic, gastroenterologic, hypertension, liver, bleeding or other (reference.event_category).
-- @grade: 1 to 4.
-- @criterion: The criterion met, in words.
-- @warning: What a reader must know of the grade. Code list: event_reason.
-- @baseline_grade: The last grade up to the index date, 0 included; empty without a measurement that can be graded.
-- @is_worsened: The day is after the index date, within the time in which events count, and the grade above that one.
WITH dated AS (
    SELECT
        computed.site_id,
        computed.patient_id,
        CAST(computed.occasion AS DATE) AS observed_on,
        computed.term,
        computed.grade,
        computed.criterion,
        computed.warning
    FROM clinical_step.computed_grade AS computed
    WHERE computed.grade IS NOT NULL
),

baseline AS (
    SELECT
        dated.site_id,
        dated.patient_id,
        dated.term,
        ARG_MAX(dated.grade, dated.observed_on) AS grade
    FROM dated
    INNER JOIN clinical_step.event_window AS event_window
        ON
            dated.site_id = event_window.site_id
            AND dated.patient_id = event_window.patient_id
            AND dated.observed_on <= event_window.index_date
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE event_window.index_date - dated.observed_on <= study_number.baseline_days_before
    GROUP BY dated.site_id, dated.patient_id, dated.term
)

SELECT
    dated.site_id,
    dated.patient_id,
    dated.observed_on,
    dated.observed_on - event_window.index_date AS day,
    dated.term,
    event_term.category,
    dated.grade,
    dated.criterion,
    dated.warning,
    baseline.grade AS baseline_grade,
    COALESCE(
        dated.observed_on > event_window.index_date
        AND dated.observed_on <= event_window.counts_until
        -- Blood pressure is raised in many before treatment: without a baseline nobody knows that it is worse. A fever
        -- or a loss of weight that nobody noted before is new.
        AND dated.grade > COALESCE(baseline.grade, CASE WHEN dated.term <> 'Hypertension' THEN 0 END),
        FALSE
    ) AS is_worsened
FROM dated
INNER JOIN clinical.event_term AS event_term ON dated.term = event_term.term
LEFT JOIN clinical_step.event_window AS event_window
    ON
        dated.site_id = event_window.site_id
        AND dated.patient_id = event_window.patient_id
LEFT JOIN baseline
    ON
        dated.site_id = baseline.site_id
        AND dated.patient_id = baseline.patient_id
        AND dated.term = baseline.term
WHERE dated.grade > 0
