-- Every figure that a publication prints, next to our own number, with a verdict: same, same within rounding, differs
-- because the paper contradicts itself (with the computation that shows it), differs, or no number of ours.
-- @study_id: The study.
-- @figure_id: Name of the printed figure.
-- @place: Where it is printed.
-- @row_label: The row or the sentence that it stands in, and its level.
-- @printed_group: The group that it is printed for.
-- @statistic: What it is: size, n, percent, mean, sd, median, odds_ratio, low, high, p ...
-- @printed: The figure as printed.
-- @unit: Its unit.
-- @our_value: Our number, as printed.
-- @our_raw_value: Our number, unrounded.
-- @difference: Our number less the printed one; empty where either is missing or the print is a bound.
-- @verdict: The verdict; empty when it was not computed for these loads, see analysis.study_state.
-- @reason: The computation that shows a contradiction, or why there is nothing to compare.
-- @note: What a reader must know of the figure.
-- @result_id: The row of analysis.result.
SELECT
    figure.study_id,
    figure.figure_id,
    figure.place,
    figure.row_label,
    figure.printed_group,
    figure.statistic,
    figure.printed,
    figure.unit,
    result.formatted_value AS our_value,
    result.raw_value AS our_raw_value,
    verdict.value AS difference,
    verdict.text AS verdict,
    verdict.note AS reason,
    figure.note,
    result.result_id
FROM reference.published_figure AS figure
LEFT JOIN analysis.result AS result
    ON
        figure.study_id = result.study_id
        AND figure.analysis_id = result.analysis_id
        AND figure.operation = result.operation
        AND figure.variable IS NOT DISTINCT FROM result.variable
        AND figure.level IS NOT DISTINCT FROM result.level
        AND figure.group_level IS NOT DISTINCT FROM result.group_level
        AND result.sequence = 0
LEFT JOIN analysis_step.study_statistic AS verdict
    ON
        figure.study_id = verdict.study_id
        AND figure.figure_id = verdict.variable
        AND verdict.analysis_id = 'published'
