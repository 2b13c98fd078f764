-- Every model of every study in its own numbers: patients, outcomes, parameters, likelihood.
-- @study_id: The study.
-- @analysis_id: The analysis, such as model.long_term_multivariable.
-- @variable: Of models of one variable, the variable; else empty.
-- @method: logistic, cox_breslow, cox_efron ...
-- @patients: Patients in the model: those who are complete in its variables and, of a selection, in its candidates.
-- @outcomes: Those of them with the outcome or event.
-- @incomplete: Patients of the population who are left out since a value is missing.
-- @parameters: Parameters, the intercept apart.
-- @events_per_parameter: Outcomes (of a binary outcome, the rarer side) per parameter.
-- @log_likelihood: Log likelihood at the estimates.
-- @log_likelihood_null: Log likelihood without any variable.
-- @notes: What a reader must know of the fit.
SELECT
    study_id,
    analysis_id,
    variable,
    MAX(method) FILTER (WHERE operation = 'parameters') AS method,
    CAST(MAX(value) FILTER (WHERE operation = 'patients') AS BIGINT) AS patients,
    CAST(MAX(value) FILTER (WHERE operation = 'outcomes') AS BIGINT) AS outcomes,
    CAST(MAX(value) FILTER (WHERE operation = 'incomplete') AS BIGINT) AS incomplete,
    CAST(MAX(value) FILTER (WHERE operation = 'parameters') AS BIGINT) AS parameters,
    MAX(value) FILTER (WHERE operation = 'events_per_parameter') AS events_per_parameter,
    MAX(value) FILTER (WHERE operation = 'log_likelihood') AS log_likelihood,
    MAX(value) FILTER (WHERE operation = 'log_likelihood_null') AS log_likelihood_null,
    STRING_AGG(note, ' ' ORDER BY sequence) FILTER (WHERE operation = 'note') AS notes
FROM analysis_step.study_statistic
WHERE level IS NULL AND group_level IS NULL
GROUP BY study_id, analysis_id, variable
HAVING MAX(value) FILTER (WHERE operation = 'parameters') IS NOT NULL
