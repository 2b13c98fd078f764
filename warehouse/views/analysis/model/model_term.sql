-- Every term of every model of every study, and of the same models fitted in other ways: ratios with limits, and tests
-- of whole factors. Empty when loads, options or the study file have changed since they were fitted.
-- @study_id: The study.
-- @analysis_id: The analysis, such as model.long_term_multivariable or efron.overall_survival_multivariable.
-- @model: The model, such as long_term_multivariable.
-- @fitted_as: How it was fitted (reference.fit_kind): model (as the publication), efron, stratified, firth ...
-- @population: Who is in it.
-- @group_level: The hospital, of heterogeneity; the month, of landmarks; else empty.
-- @variable: The variable.
-- @variable_label: What readers see of it.
-- @variable_position: Its place in the study file, from 1.
-- @level: The level; empty for a number.
-- @level_label: What readers see of the level.
-- @level_position: Place of the level, from 1; 0 for a number.
-- @is_reference: The other levels are compared with this one.
-- @method: logistic, cox_breslow, cox_efron, firth ...
-- @n: Patients of the level in the model; empty for a number.
-- @events: Those of them with the outcome or event.
-- @estimate: Odds ratio (logistic) or hazard ratio (Cox); empty where it is infinite, see footnote.
-- @low: Lower limit of 95 %.
-- @high: Upper limit of 95 %.
-- @p: P value of the term (Wald; of Firth's models by likelihood ratio).
-- @whole_statistic: Likelihood ratio of the whole factor (of Firth's models the penalised one, after imputation F); on
--   its first row.
-- @whole_df: Its degrees of freedom.
-- @whole_p: Its P value.
-- @whole_wald_p: P value of the whole factor by Wald.
-- @missing: Patients for whom the variable is not known.
-- @footnote: Why there is no number.
WITH term AS (
    SELECT
        study_id,
        analysis_id,
        population,
        group_level,
        variable,
        level,
        MAX(method) FILTER (WHERE operation = 'estimate') AS method,
        MAX(value) FILTER (WHERE operation = 'n') AS n,
        MAX(value) FILTER (WHERE operation = 'events') AS events,
        MAX(value) FILTER (WHERE operation = 'estimate') AS estimate,
        MAX(text) FILTER (WHERE operation = 'estimate') AS estimate_text,
        MAX(value) FILTER (WHERE operation = 'low') AS low,
        MAX(value) FILTER (WHERE operation = 'high') AS high,
        MAX(value) FILTER (WHERE operation = 'p') AS p,
        MAX(note) FILTER (WHERE operation = 'estimate') AS note
    FROM analysis_step.study_statistic
    WHERE
        SPLIT_PART(analysis_id, '.', 1) IN (SELECT kind.fit_kind FROM reference.fit_kind AS kind)
        AND SPLIT_PART(analysis_id, '.', 3) = ''
        AND variable IS NOT NULL
        AND sequence = 0
    GROUP BY study_id, analysis_id, population, group_level, variable, level
    HAVING MAX(method) FILTER (WHERE operation = 'estimate') IS NOT NULL
),

whole AS (
    SELECT
        study_id,
        analysis_id,
        group_level,
        variable,
        MAX(value) FILTER (WHERE operation = 'whole_statistic') AS whole_statistic,
        MAX(value) FILTER (WHERE operation = 'whole_df') AS whole_df,
        MAX(value) FILTER (WHERE operation = 'whole_p') AS whole_p,
        MAX(value) FILTER (WHERE operation = 'whole_wald_p') AS whole_wald_p,
        MAX(value) FILTER (WHERE operation = 'missing') AS missing
    FROM analysis_step.study_statistic
    WHERE level IS NULL
    GROUP BY study_id, analysis_id, group_level, variable
)

SELECT
    term.study_id,
    term.analysis_id,
    SPLIT_PART(term.analysis_id, '.', 2) AS model,
    SPLIT_PART(term.analysis_id, '.', 1) AS fitted_as,
    term.population,
    term.group_level,
    term.variable,
    COALESCE(study_variable.label, term.variable) AS variable_label,
    study_variable.position AS variable_position,
    term.level,
    COALESCE(study_level.label, term.level) AS level_label,
    COALESCE(study_level.position, 0) AS level_position,
    COALESCE(term.estimate_text = 'reference', FALSE) AS is_reference,
    term.method,
    CAST(term.n AS BIGINT) AS n,
    CAST(term.events AS BIGINT) AS events,
    term.estimate,
    term.low,
    term.high,
    term.p,
    whole.whole_statistic,
    whole.whole_df,
    whole.whole_p,
    whole.whole_wald_p,
    CAST(whole.missing AS BIGINT) AS missing,
    NULLIF(CONCAT_WS(' ', CASE WHEN term.estimate_text <> 'reference' THEN term.estimate_text END, term.note), '')
        AS footnote
FROM term
LEFT JOIN reference.study_variable AS study_variable
    ON
        term.study_id = study_variable.study_id
        AND term.variable = study_variable.variable
LEFT JOIN reference.study_level AS study_level
    ON
        term.study_id = study_level.study_id
        AND term.variable = study_level.variable
        AND term.level = study_level.level
LEFT JOIN whole
    ON
        term.study_id = whole.study_id
        AND term.analysis_id = whole.analysis_id
        AND term.group_level IS NOT DISTINCT FROM whole.group_level
        AND term.variable = whole.variable
        AND COALESCE(study_level.position, 0) <= 1
ORDER BY
    term.study_id, term.analysis_id, term.group_level, study_variable.position, COALESCE(study_level.position, 0)
