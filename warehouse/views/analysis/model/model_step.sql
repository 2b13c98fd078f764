-- The steps of forward conditional selection: which variables were tested, entered, removed.
-- @study_id: The study.
-- @model: The model.
-- @step: The step, from 1.
-- @variable: The variable that was tested.
-- @variable_label: What readers see of it.
-- @kind: entry (score test of a variable outside), or removal (conditional likelihood ratio of a variable inside).
-- @statistic: The statistic of the test.
-- @df: Its degrees of freedom.
-- @p: Its P value.
-- @is_done: The variable entered, or was removed.
-- @minus_two_log_likelihood: Of the model after the step.
-- @variables_after: The variables in the model after the step.
WITH tested AS (
    SELECT
        study_id,
        analysis_id,
        sequence,
        variable,
        SPLIT_PART(operation, '_', 1) AS kind,
        MAX(value) FILTER (WHERE operation LIKE '%_statistic') AS statistic,
        MAX(value) FILTER (WHERE operation LIKE '%_df') AS df,
        MAX(value) FILTER (WHERE operation LIKE '%_p') AS p
    FROM analysis_step.study_statistic
    WHERE
        analysis_id LIKE 'model.%.steps'
        AND (operation LIKE 'entry_%' OR operation LIKE 'removal_%')
    GROUP BY study_id, analysis_id, sequence, variable, SPLIT_PART(operation, '_', 1)
),

done AS (
    SELECT
        study_id,
        analysis_id,
        sequence,
        variable,
        CASE operation WHEN 'entered' THEN 'entry' ELSE 'removal' END AS kind
    FROM analysis_step.study_statistic
    WHERE analysis_id LIKE 'model.%.steps' AND operation IN ('entered', 'removed')
),

after_step AS (
    SELECT
        study_id,
        analysis_id,
        sequence,
        value AS minus_two_log_likelihood,
        text AS variables_after
    FROM analysis_step.study_statistic
    WHERE
        analysis_id LIKE 'model.%.steps'
        AND operation = 'minus_two_log_likelihood'
        AND method = 'forward_conditional'
)

SELECT
    tested.study_id,
    SPLIT_PART(tested.analysis_id, '.', 2) AS model,
    tested.sequence AS step,
    tested.variable,
    COALESCE(study_variable.label, tested.variable) AS variable_label,
    tested.kind,
    tested.statistic,
    tested.df,
    tested.p,
    done.variable IS NOT NULL AS is_done,
    after_step.minus_two_log_likelihood,
    after_step.variables_after
FROM tested
LEFT JOIN reference.study_variable AS study_variable
    ON
        tested.study_id = study_variable.study_id
        AND tested.variable = study_variable.variable
LEFT JOIN done
    ON
        tested.study_id = done.study_id
        AND tested.analysis_id = done.analysis_id
        AND tested.sequence = done.sequence
        AND tested.variable = done.variable
        AND tested.kind = done.kind
LEFT JOIN after_step
    ON
        tested.study_id = after_step.study_id
        AND tested.analysis_id = after_step.analysis_id
        AND tested.sequence = after_step.sequence
ORDER BY tested.study_id, tested.analysis_id, tested.sequence, tested.kind, study_variable.position
