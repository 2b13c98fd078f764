-- The limits of every CTCAE 4.03 laboratory term in every unit, one row each: the criteria laid side by side.
-- A low term is the mirror of a high one: its absolute limits stand here as negative numbers, and lab_grade compares
-- the negative value with them, so that 'beyond' always means 'greater'. From reference.lab_criterion.
-- @ladder_number: Number of the row; clinical_step.lab_rung refers to it.
-- @ladder_term: The term and what is measured for it (reference.lab_term).
-- @unit: Unit of the value (UCUM), or same, unknown, missing.
-- @term: The CTCAE term.
-- @is_low: The term is about low values.
-- @normal_limit: The limit of normal that the term needs: uln, lln, uln_or_baseline, or none.
-- @unit_fault: Why the term cannot be graded in this unit; empty when it can. Code list: grade_reason.
-- @absurd_below: No patient can have less than this in the unit.
-- @absurd_above: No patient can have more than this in the unit.
-- @needs_baseline: Some criterion is a multiple of the baseline or a rise above it.
-- @needs_anticoagulation: The baseline counts only in anticoagulated patients.
-- @cutoff_grade: Grade from the assay's cut-off for infarction on.
-- @symptom: What decides between the two grades of the range of grade 1: symptomatic or physiologic_consequences.
-- @symptom_grade: Grade of the range of grade 1 when it is there.
-- @transfusion_grade: Grade when transfusion is indicated.
-- @hospitalized_grade: Grade when hospitalization is indicated.
-- @life_threatening_grade: Grade when consequences are life-threatening.
-- @hemorrhage_grade: Grade when there is hemorrhage.
-- @fasting_grade: Grades up to this one need a fasting specimen.
-- @top_grade: The gravest grade that numbers alone can give.
-- @normal_times_1: Grade 1: beyond so many times the limit of normal.
-- @normal_times_2: Grade 2: beyond so many times the limit of normal.
-- @normal_times_3: Grade 3: beyond so many times the limit of normal.
-- @normal_times_4: Grade 4: beyond so many times the limit of normal.
-- @absolute_2: Grade 2: beyond this number in the unit.
-- @absolute_3: Grade 3: beyond this number in the unit.
-- @absolute_4: Grade 4: beyond this number in the unit.
-- @absolute_from_1: Grade 1: from this number on, itself included.
-- @baseline_times_1: Grade 1: beyond so many times the baseline.
-- @baseline_times_2: Grade 2: beyond so many times the baseline.
-- @baseline_times_3: Grade 3: beyond so many times the baseline.
-- @baseline_times_4: Grade 4: beyond so many times the baseline.
-- @baseline_from_1: Grade 1: from so many times the baseline on, itself included.
-- @baseline_from_2: Grade 2: from so many times the baseline on, itself included.
-- @baseline_from_3: Grade 3: from so many times the baseline on, itself included.
-- @baseline_from_4: Grade 4: from so many times the baseline on, itself included.
-- @rise_1: Grade 1: more than this above the baseline or, for hemoglobin, above the greater of ULN and baseline.
-- @rise_2: Grade 2: more than this above the baseline or, for hemoglobin, above the greater of ULN and baseline.
-- @rise_3: Grade 3: more than this above the baseline or, for hemoglobin, above the greater of ULN and baseline.
WITH unit AS (
    SELECT code AS unit FROM reference.code
    WHERE code_list = 'unit'
    UNION ALL
    SELECT UNNEST(['same', 'unknown', 'missing']) AS unit
),

-- A criterion without a unit, or for a pure number (pH), holds in every unit; the others in their own alone.
criterion AS (
    SELECT
        lab_term.lab_term,
        unit.unit,
        criterion.grade,
        criterion.basis,
        criterion.condition,
        CAST(CASE WHEN criterion.basis LIKE 'times%' THEN criterion.limit_value END AS DECIMAL(6, 3)) AS times,
        CASE WHEN lab_term.direction = 'low' THEN -criterion.limit_value ELSE criterion.limit_value END AS beyond,
        criterion.unit <> '1' AS is_bound_to_unit,
        COALESCE(criterion.unit, '1') IN ('1', unit.unit) AS is_in_unit,
        -- The side of the ladder that the criterion is a rung of; _from where the limit itself is included.
        CASE WHEN COALESCE(criterion.unit, '1') IN ('1', unit.unit) THEN REPLACE(criterion.basis, '_lln', '_uln') END
        || CASE WHEN criterion.comparator IN ('>=', '<=') THEN '_from' ELSE '' END AS side
    FROM reference.lab_term AS lab_term
    CROSS JOIN unit
    INNER JOIN reference.lab_criterion AS criterion ON lab_term.lab_term = criterion.lab_term
),

side_by_side AS (
    SELECT
        lab_term,
        unit,
        COALESCE(BOOL_OR(is_bound_to_unit) AND NOT BOOL_OR(is_bound_to_unit AND is_in_unit), FALSE) AS is_unit_wrong,
        BOOL_OR(basis IN ('times_baseline', 'rise')) AS needs_baseline,
        BOOL_OR(condition = 'anticoagulated') AS needs_anticoagulation,
        MAX(grade) FILTER (WHERE basis = 'times_cutoff') AS cutoff_grade,
        MAX(condition) FILTER (WHERE condition IN ('symptomatic', 'physiologic_consequences')) AS symptom,
        MAX(grade) FILTER (WHERE condition IN ('symptomatic', 'physiologic_consequences')) AS symptom_grade,
        MAX(grade) FILTER (WHERE condition = 'transfusion') AS transfusion_grade,
        MAX(grade) FILTER (WHERE condition = 'hospitalized') AS hospitalized_grade,
        MAX(grade) FILTER (WHERE condition = 'life_threatening') AS life_threatening_grade,
        MAX(grade) FILTER (WHERE condition = 'hemorrhage') AS hemorrhage_grade,
        MAX(grade) FILTER (WHERE condition = 'fasting') AS fasting_grade,
        MAX(grade) FILTER (WHERE basis <> 'clinical') AS top_grade,
        MAX(times) FILTER (WHERE side = 'times_uln' AND grade = 1) AS normal_times_1,
        MAX(times) FILTER (WHERE side = 'times_uln' AND grade = 2) AS normal_times_2,
        MAX(times) FILTER (WHERE side = 'times_uln' AND grade = 3) AS normal_times_3,
        MAX(times) FILTER (WHERE side = 'times_uln' AND grade = 4) AS normal_times_4,
        MAX(beyond) FILTER (WHERE side = 'absolute' AND grade = 2) AS absolute_2,
        MAX(beyond) FILTER (WHERE side = 'absolute' AND grade = 3) AS absolute_3,
        MAX(beyond) FILTER (WHERE side = 'absolute' AND grade = 4) AS absolute_4,
        MAX(beyond) FILTER (WHERE side = 'absolute_from' AND grade = 1) AS absolute_from_1,
        MAX(times) FILTER (WHERE side = 'times_baseline' AND grade = 1) AS baseline_times_1,
        MAX(times) FILTER (WHERE side = 'times_baseline' AND grade = 2) AS baseline_times_2,
        MAX(times) FILTER (WHERE side = 'times_baseline' AND grade = 3) AS baseline_times_3,
        MAX(times) FILTER (WHERE side = 'times_baseline' AND grade = 4) AS baseline_times_4,
        MAX(times) FILTER (WHERE side = 'times_baseline_from' AND grade = 1) AS baseline_from_1,
        MAX(times) FILTER (WHERE side = 'times_baseline_from' AND grade = 2) AS baseline_from_2,
        MAX(times) FILTER (WHERE side = 'times_baseline_from' AND grade = 3) AS baseline_from_3,
        MAX(times) FILTER (WHERE side = 'times_baseline_from' AND grade = 4) AS baseline_from_4,
        MAX(beyond) FILTER (WHERE side = 'rise' AND grade = 1) AS rise_1,
        MAX(beyond) FILTER (WHERE side = 'rise' AND grade = 2) AS rise_2,
        MAX(beyond) FILTER (WHERE side = 'rise' AND grade = 3) AS rise_3
    FROM criterion
    GROUP BY lab_term, unit
)

SELECT
    CAST(ROW_NUMBER() OVER (ORDER BY side_by_side.lab_term, side_by_side.unit) AS INTEGER) AS ladder_number,
    side_by_side.lab_term AS ladder_term,
    side_by_side.unit,
    lab_term.term,
    lab_term.direction = 'low' AS is_low,
    lab_term.normal_limit,
    CASE
        WHEN NOT side_by_side.is_unit_wrong THEN NULL
        WHEN side_by_side.unit IN ('same', 'unknown', 'missing') THEN 'unit_' || side_by_side.unit
        ELSE 'unit_does_not_fit'
    END AS unit_fault,
    bound.absurd_below,
    bound.absurd_above,
    -- Hemoglobin increased uses the baseline where it lies above ULN, and does without it.
    side_by_side.needs_baseline AND COALESCE(lab_term.normal_limit, '') <> 'uln_or_baseline' AS needs_baseline,
    side_by_side.needs_anticoagulation,
    side_by_side.cutoff_grade,
    side_by_side.symptom,
    side_by_side.symptom_grade,
    side_by_side.transfusion_grade,
    side_by_side.hospitalized_grade,
    side_by_side.life_threatening_grade,
    side_by_side.hemorrhage_grade,
    side_by_side.fasting_grade,
    side_by_side.top_grade,
    side_by_side.normal_times_1,
    side_by_side.normal_times_2,
    side_by_side.normal_times_3,
    side_by_side.normal_times_4,
    side_by_side.absolute_2,
    side_by_side.absolute_3,
    side_by_side.absolute_4,
    side_by_side.absolute_from_1,
    side_by_side.baseline_times_1,
    side_by_side.baseline_times_2,
    side_by_side.baseline_times_3,
    side_by_side.baseline_times_4,
    side_by_side.baseline_from_1,
    side_by_side.baseline_from_2,
    side_by_side.baseline_from_3,
    side_by_side.baseline_from_4,
    side_by_side.rise_1,
    side_by_side.rise_2,
    side_by_side.rise_3
FROM side_by_side
INNER JOIN reference.lab_term AS lab_term ON side_by_side.lab_term = lab_term.lab_term
LEFT JOIN clinical_step.lab_bound AS bound
    ON
        lab_term.analyte_code = bound.analyte_code
        AND side_by_side.unit = bound.unit
