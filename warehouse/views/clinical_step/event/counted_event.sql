-- The adverse events that worst grades are taken from: what was recorded and is treatment-emergent. The study counts
-- nothing else; by option (adverse_event_source) also what vital signs or laboratory results alone show, one event for
-- each term whose worst grade on treatment lies above the grade at baseline.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @counted_from: recorded, vital_signs or laboratory.
-- @term: The CTCAE 4.03 term; empty when a recorded event has none.
-- @category: dermatologic, gastroenterologic, hypertension, liver, bleeding or other (reference.event_category).
-- @grade: The grade by CTCAE 4.03; empty when none stands.
-- @counted_grade: The grade that counts, see adverse_event.
-- @onset_day: Days from the index date to the onset; of laboratory results, to the first day of the worst grade.
-- @is_early: It began within so many days from the index date (study option event_early_days).
-- @has_dose_action: The drug was reduced, interrupted or withdrawn for it; empty when nobody reported it.
WITH sign_event AS (
    SELECT
        site_id,
        patient_id,
        term,
        category,
        MAX(grade) AS grade,
        MIN(day) AS onset_day
    FROM clinical.computed_event
    WHERE is_worsened
    GROUP BY site_id, patient_id, term, category
),

lab_event AS (
    SELECT
        lab_summary.site_id,
        lab_summary.patient_id,
        lab_summary.term,
        event_term.category,
        MAX(lab_summary.worst_grade) AS grade,
        MIN(lab_summary.worst_on - event_window.index_date) AS onset_day
    FROM clinical.lab_grade_summary AS lab_summary
    INNER JOIN clinical.event_term AS event_term ON lab_summary.term = event_term.term
    INNER JOIN clinical_step.event_window AS event_window
        ON
            lab_summary.site_id = event_window.site_id
            AND lab_summary.patient_id = event_window.patient_id
    -- Without a grade at baseline nobody knows whether it is worse.
    WHERE lab_summary.is_treatment_emergent
    GROUP BY lab_summary.site_id, lab_summary.patient_id, lab_summary.term, event_term.category
),

computed AS (
    SELECT
        'vital_signs' AS counted_from,
        *
    FROM sign_event
    UNION ALL
    SELECT
        'laboratory' AS counted_from,
        *
    FROM lab_event
)

SELECT
    adverse_event.site_id,
    adverse_event.patient_id,
    'recorded' AS counted_from,
    adverse_event.term,
    COALESCE(adverse_event.category, 'other') AS category,
    adverse_event.grade,
    adverse_event.counted_grade,
    adverse_event.onset_day,
    adverse_event.is_early,
    adverse_event.action_code IN ('reduced', 'interrupted', 'withdrawn') AS has_dose_action
FROM clinical.adverse_event AS adverse_event
WHERE adverse_event.is_treatment_emergent
UNION ALL
SELECT
    computed.site_id,
    computed.patient_id,
    computed.counted_from,
    computed.term,
    computed.category,
    computed.grade,
    computed.grade AS counted_grade,
    computed.onset_day,
    computed.onset_day <= event_option.early_days AS is_early,
    CAST(NULL AS BOOLEAN) AS has_dose_action
FROM computed
CROSS JOIN clinical_step.event_option AS event_option
WHERE event_option.counts_computed
