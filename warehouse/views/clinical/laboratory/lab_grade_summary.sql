-- Every patient and laboratory term: the grade at baseline, the worst grade on treatment, and what worsened.
-- On treatment: from the day after the index date to the last day on which an adverse event counts (event_window).
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @lab_term: The term and what is measured for it (reference.lab_term).
-- @term: The CTCAE 4.03 term.
-- @baseline_grade: Grade of the baseline result; empty without one, or when it cannot be graded.
-- @baseline_on: Date of the baseline result.
-- @worst_grade: Gravest grade on treatment; empty when no result on treatment could be graded.
-- @worst_grade_at_least: A graver grade that a value known as a bound proves at the least; empty where none does. It is
-- apart from what follows.
-- @worst_on: First day on which the worst grade was reached.
-- @grades_worsened: Grades that the worst lies above the baseline, 0 when it does not; empty when either is.
-- @is_treatment_emergent: The worst grade on treatment is above the one at baseline.
-- @graded_results: Results on treatment that have a grade.
-- @ungradable_results: Results on treatment that could not be graded.
WITH placed_result AS (
    SELECT
        lab_grade.*,
        COALESCE(
            lab_grade.taken_on > event_window.index_date AND lab_grade.taken_on <= event_window.counts_until, FALSE
        ) AS is_on_treatment
    FROM clinical.lab_grade AS lab_grade
    INNER JOIN clinical.index_date AS index_date
        ON
            lab_grade.site_id = index_date.site_id
            AND lab_grade.patient_id = index_date.patient_id
    LEFT JOIN clinical_step.event_window AS event_window
        ON
            lab_grade.site_id = event_window.site_id
            AND lab_grade.patient_id = event_window.patient_id
    WHERE lab_grade.term IS NOT NULL
),

summary AS (
    SELECT
        site_id,
        patient_id,
        lab_term,
        term,
        MAX(grade) FILTER (WHERE is_baseline) AS baseline_grade,
        MAX(taken_on) FILTER (WHERE is_baseline) AS baseline_on,
        MAX(grade) FILTER (WHERE is_on_treatment) AS worst_grade,
        MAX(grade_at_least) FILTER (WHERE is_on_treatment) AS least_grade,
        ARG_MIN(taken_on, (-grade, taken_on)) FILTER (WHERE is_on_treatment AND grade IS NOT NULL) AS worst_on,
        COUNT(grade) FILTER (WHERE is_on_treatment) AS graded_results,
        COUNT(*) FILTER (WHERE is_on_treatment AND grade IS NULL) AS ungradable_results
    FROM placed_result
    GROUP BY site_id, patient_id, lab_term, term
)

SELECT
    site_id,
    patient_id,
    lab_term,
    term,
    baseline_grade,
    baseline_on,
    worst_grade,
    CASE WHEN least_grade > COALESCE(worst_grade, 0) THEN least_grade END AS worst_grade_at_least,
    worst_on,
    CASE
        WHEN worst_grade >= baseline_grade THEN worst_grade - baseline_grade
        WHEN worst_grade < baseline_grade THEN 0
    END AS grades_worsened,
    worst_grade > baseline_grade AS is_treatment_emergent,
    graded_results,
    ungradable_results
FROM summary
