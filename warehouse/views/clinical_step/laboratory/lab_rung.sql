-- The criterion behind every grade of every ladder, and the words for grade 0.
-- @rung_number: 100 * ladder_number + 10 * number of the basis + grade.
-- @grade: The grade.
-- @basis: What is compared: times_uln, times_lln, absolute, times_baseline, rise, times_cutoff or clinical.
-- @times: Multiple of the limit of normal, the baseline or the cut-off.
-- @limit_value: The absolute limit, or the rise.
-- @criterion: The criterion in words.
SELECT
    CAST(
        100 * ladder.ladder_number
        + 10 * CASE criterion.basis
            WHEN 'times_uln' THEN 1
            WHEN 'times_lln' THEN 1
            WHEN 'absolute' THEN 2
            WHEN 'times_baseline' THEN 3
            WHEN 'rise' THEN 4
            WHEN 'times_cutoff' THEN 5
            WHEN 'clinical' THEN 6
        END
        + criterion.grade AS INTEGER
    ) AS rung_number,
    CAST(criterion.grade AS TINYINT) AS grade,
    criterion.basis,
    CAST(CASE WHEN criterion.basis LIKE 'times%' THEN criterion.limit_value END AS DECIMAL(6, 3)) AS times,
    CASE WHEN criterion.basis IN ('absolute', 'rise') THEN criterion.limit_value END AS limit_value,
    criterion.criterion
FROM clinical_step.lab_ladder AS ladder
INNER JOIN reference.lab_criterion AS criterion
    ON
        ladder.ladder_term = criterion.lab_term
        AND (criterion.unit IS NULL OR criterion.unit IN ('1', ladder.unit))
UNION ALL
SELECT
    100 * ladder.ladder_number AS rung_number,
    CAST(0 AS TINYINT) AS grade,
    NULL AS basis,
    NULL AS times,
    NULL AS limit_value,
    'no criterion of grade ' || ARRAY_TO_STRING(LIST_SORT(LIST(DISTINCT criterion.grade)), ', ') || ' is met'
        AS criterion
FROM clinical_step.lab_ladder AS ladder
INNER JOIN reference.lab_criterion AS criterion ON ladder.ladder_term = criterion.lab_term
WHERE criterion.basis <> 'clinical'
GROUP BY ladder.ladder_number
