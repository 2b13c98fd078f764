-- Factors of overall survival, each on its own and by stepwise selection.
-- Table S7 of the study of sorafenib, as tidy rows.
-- @*: analysis.model_term
SELECT *  -- noqa: AM04
FROM analysis.model_term
WHERE
    study_id = 'sorafenib'
    AND analysis_id IN ('model.overall_survival_univariable', 'model.overall_survival_multivariable')
ORDER BY analysis_id DESC, variable_position ASC, level_position ASC
