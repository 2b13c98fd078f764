-- The numbers that statistical libraries computed, of the studies whose loads, options and file have not changed since.
-- @study_id: The study.
-- @analysis_id: The analysis, such as table_1 or model.long_term_multivariable.
-- @population: Who is in it.
-- @variable: The variable; empty for a number of the whole analysis.
-- @level: Its level; empty for a number of the whole variable.
-- @group_level: The group, stratum or hospital; empty for a number of all.
-- @sequence: Place in a series, such as the step of a selection; else 0.
-- @method: The method, such as welch_t or cox_breslow.
-- @operation: What the number is: estimate, low, high, p, statistic, df, n, events ...
-- @value: The number; empty when it cannot be computed, see note.
-- @text: What is said in words, such as infinite.
-- @note: What a reader must know of the number, or why there is none.
SELECT
    result.study_id,
    result.analysis_id,
    result.population,
    result.variable,
    result.level,
    result.group_level,
    result.sequence,
    result.method,
    result.operation,
    result.value,
    result.text,
    result.note
FROM study.result AS result
INNER JOIN analysis.study_state AS study_state
    ON result.study_id = study_state.study_id
WHERE study_state.is_current
