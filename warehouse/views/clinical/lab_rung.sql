-- The criterion behind every grade of every ladder, and the words for grade 0.
-- @rung_number: 100 * ladder_number + 10 * number of the basis + grade.
-- @grade: The grade.
-- @basis: What is compared: times_uln, times_lln, absolute, times_baseline, rise, times_cutoff or clinical.
-- @limit_value: Multiple of the limit, baseline or cut-off, or the limit itself, or the rise.
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
    criterion.grade,
    criterion.basis,
    criterion.limit_value,
    criterion.criterion
FROM clinical.lab_ladder AS ladder
INNER JOIN reference.lab_criterion AS criterion
    ON
        ladder.ladder_term = criterion.lab_term
        AND (criterion.unit IS NULL OR criterion.unit IN ('1', ladder.unit))
UNION ALL
SELECT
    100 * ladder.ladder_number AS rung_number,
    0 AS grade,
    NULL AS basis,
    NULL AS limit_value,
    'no criterion of grade ' || ARRAY_TO_STRING(LIST_SORT(LIST(DISTINCT criterion.grade)), ', ') || ' is met'
        AS criterion
FROM clinical.lab_ladder AS ladder
INNER JOIN reference.lab_criterion AS criterion ON ladder.ladder_term = criterion.lab_term
WHERE criterion.basis <> 'clinical'
GROUP BY ladder.ladder_number
