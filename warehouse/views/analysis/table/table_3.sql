-- Factors of long-term survival, each on its own and by stepwise selection.
-- Table 3 of the study of sorafenib, as tidy rows.
-- @*: analysis.model_term
SELECT *  -- noqa: AM04
FROM analysis.model_term
WHERE
    study_id = 'sorafenib'
    AND analysis_id IN ('model.long_term_univariable', 'model.long_term_multivariable')
ORDER BY analysis_id DESC, variable_position ASC, level_position ASC
