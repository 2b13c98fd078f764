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
        ) AS is_on_treatment,
        COALESCE(
            lab_grade.taken_on > event_window.index_date
            AND lab_grade.taken_on <= COALESCE(event_window.surely_counts_until, event_window.counts_until), FALSE
        ) AS is_surely_on_treatment
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

-- Results that were set aside, of this analyte or of one that could not be read, on treatment or on an unknown day: the
-- worst grade is then a lower bound.
doubt AS (
    SELECT DISTINCT
        apart.site_id,
        apart.patient_id,
        apart.code AS analyte_code
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical_step.event_window AS event_window
        ON
            apart.site_id = event_window.site_id
            AND apart.patient_id = event_window.patient_id
    WHERE
        apart.table_name = 'lab_result'
        AND COALESCE(apart.first_day > event_window.index_date AND apart.first_day <= event_window.counts_until, TRUE)
    UNION
    -- A result after the last day that is certain, where the last dose is not known.
    SELECT
        placed_result.site_id,
        placed_result.patient_id,
        placed_result.analyte_code
    FROM placed_result
    WHERE placed_result.is_on_treatment AND NOT placed_result.is_surely_on_treatment
),

graded AS (
    SELECT
        site_id,
        patient_id,
        lab_term,
        term,
        MAX(grade) FILTER (WHERE is_baseline) AS baseline_grade,
        MAX(taken_on) FILTER (WHERE is_baseline) AS baseline_on,
        MAX(grade) FILTER (WHERE is_surely_on_treatment) AS known_worst_grade,
        MAX(grade_at_least) FILTER (WHERE is_surely_on_treatment) AS least_grade,
        ARG_MIN(taken_on, (-grade, taken_on)) FILTER (WHERE is_surely_on_treatment AND grade IS NOT NULL)
            AS known_worst_on,
        ANY_VALUE(analyte_code) AS analyte_code,
        COUNT(grade) FILTER (WHERE is_on_treatment) AS graded_results,
        COUNT(*) FILTER (WHERE is_on_treatment AND grade IS NULL) AS ungradable_results
    FROM placed_result
    GROUP BY site_id, patient_id, lab_term, term
),

summary AS (
    SELECT
        graded.* EXCLUDE (least_grade),
        -- No laboratory result is worse than grade 4.
        CASE WHEN is_complete OR known_worst_grade = 4 THEN known_worst_grade END AS worst_grade,
        CASE WHEN is_complete THEN known_worst_on END AS worst_on,
        CASE WHEN is_complete THEN least_grade ELSE GREATEST(least_grade, known_worst_grade) END AS least_grade
    FROM (
        SELECT
            graded.*,
            NOT EXISTS (
                SELECT 1
                FROM doubt
                WHERE
                    graded.site_id = doubt.site_id
                    AND graded.patient_id = doubt.patient_id
                    AND COALESCE(graded.analyte_code = doubt.analyte_code, TRUE)
            ) AS is_complete
        FROM graded
    ) AS graded
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
    -- A grade above the baseline is one, whatever was set aside.
    CASE WHEN known_worst_grade > baseline_grade THEN TRUE ELSE worst_grade > baseline_grade END
        AS is_treatment_emergent,
    graded_results,
    ungradable_results
FROM summary
