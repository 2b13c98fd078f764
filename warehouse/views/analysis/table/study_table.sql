-- Every table of every study as tidy rows: counts and summaries by SQL, tests by libraries (`hcc study`).
-- Tests stand on the row of the variable in the column `total`; they are empty when loads, options or the study file
-- have changed since they were computed (analysis.study_state).
-- @study_id: The study.
-- @table_id: The table.
-- @row_position: Place of the row in the table, from 1.
-- @variable: The variable of the row.
-- @row_label: What readers see of the variable.
-- @level: The level; empty for a number.
-- @level_label: What readers see of the level.
-- @level_position: Place of the level, from 1; 0 for a number.
-- @is_shown: The publication prints the level.
-- @group_level: The column: a level of the group variable, or total.
-- @group_position: Its place, from 1; total stands last.
-- @n: Patients with the level; of a number, patients for whom it is known.
-- @denominator: Patients of the column for whom the variable is known.
-- @missing: Patients of the column for whom it is not known although it applies.
-- @not_applicable: Patients of the column to whom it does not apply.
-- @percent: n in percent of the denominator; empty for a number.
-- @unit: Unit of the number.
-- @summary: How the number is printed: mean_sd, mean, median or median_quartiles; empty for levels.
-- @mean: Mean of the number.
-- @sd: Its standard deviation.
-- @median: Its median.
-- @lower_quartile: Its 25th percentile, interpolated (type 7).
-- @upper_quartile: Its 75th percentile, interpolated (type 7).
-- @standardised_difference: Difference of the two groups in standard deviations; of levels, their shares' distance.
-- @statistic: Statistic of the test; empty where the method has none.
-- @df: Degrees of freedom of the test.
-- @p: P value of the test, two-sided.
-- @method: The test: the publication's own, or where it names none, the choice of the stated rule.
-- @rule_p: P value of the test that the stated rule chooses.
-- @rule_method: The test that the stated rule chooses.
-- @footnote: What a reader must know: of the row, or why there is no test.
WITH test AS (
    SELECT
        study_id,
        REPLACE(analysis_id, '.rule', '') AS table_id,
        variable,
        MAX(value) FILTER (WHERE operation = 'statistic' AND NOT analysis_id LIKE '%.rule') AS statistic,
        MAX(value) FILTER (WHERE operation = 'df' AND NOT analysis_id LIKE '%.rule') AS df,
        MAX(value) FILTER (WHERE operation = 'p' AND NOT analysis_id LIKE '%.rule') AS p,
        MAX(method) FILTER (WHERE operation = 'p' AND NOT analysis_id LIKE '%.rule') AS method,
        MAX(note) FILTER (WHERE operation = 'p' AND NOT analysis_id LIKE '%.rule') AS note,
        MAX(value) FILTER (WHERE operation = 'p' AND analysis_id LIKE '%.rule') AS rule_p,
        MAX(method) FILTER (WHERE operation = 'p' AND analysis_id LIKE '%.rule') AS rule_method,
        MAX(value) FILTER (WHERE operation = 'standardised_difference') AS standardised_difference
    FROM analysis_step.study_statistic
    WHERE variable IS NOT NULL AND level IS NULL
    GROUP BY study_id, REPLACE(analysis_id, '.rule', ''), variable
)

SELECT
    study_count.study_id,
    study_count.table_id,
    study_count.row_position,
    study_count.variable,
    study_row.label AS row_label,
    study_count.level,
    study_level.label AS level_label,
    study_count.level_position,
    COALESCE(
        study_count.level IS NULL
        OR study_row.shown_levels IS NULL
        OR LIST_CONTAINS(study_row.shown_levels, study_count.level),
        FALSE
    ) AS is_shown,
    study_count.group_level,
    study_count.group_position,
    study_count.n,
    study_count.denominator,
    study_count.missing,
    study_count.not_applicable,
    study_count.percent,
    study_variable.unit,
    CASE WHEN study_variable.is_number THEN study_row.summary END AS summary,
    study_count.mean,
    study_count.sd,
    study_count.median,
    study_count.lower_quartile,
    study_count.upper_quartile,
    test.standardised_difference,
    test.statistic,
    test.df,
    test.p,
    test.method,
    test.rule_p,
    test.rule_method,
    NULLIF(CONCAT_WS(' ', study_row.footnote, test.note), '') AS footnote
FROM analysis_step.study_count AS study_count
INNER JOIN reference.study_row AS study_row
    ON
        study_count.study_id = study_row.study_id
        AND study_count.table_id = study_row.table_id
        AND study_count.row_position = study_row.position
INNER JOIN reference.study_variable AS study_variable
    ON
        study_count.study_id = study_variable.study_id
        AND study_count.variable = study_variable.variable
LEFT JOIN reference.study_level AS study_level
    ON
        study_count.study_id = study_level.study_id
        AND study_count.variable = study_level.variable
        AND study_count.level = study_level.level
LEFT JOIN test
    ON
        study_count.study_id = test.study_id
        AND study_count.table_id = test.table_id
        AND study_count.variable = test.variable
        AND study_count.group_level = 'total'
        AND study_count.level_position <= 1
