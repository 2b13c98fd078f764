-- The study's options of eligibility, one row, each with its type; from reference.study_option.
-- @index_date_from: First day of the window for the index date.
-- @index_date_to: Last day of the window.
-- @bclc_codes: Stages that are eligible.
-- @child_pugh_codes: Child-Pugh classes that are eligible.
-- @imaging_days: Contrast CT or MRI is wanted within so many days up to the index date.
-- @followup_imaging_minimum: Contrast CT or MRI wanted after the index date.
-- @prior_systemic_therapy_allowed: Which therapy before the study drug is allowed: all or infusion_alone.
-- @other_cancer_cured_years: How long ago another cancer must have been cured: less_than_3 or at_least_3.
-- @unknown_criterion: What a criterion counts as that cannot be decided: unknown or met.
-- @score_decides: Which stage and class decide: reported or derived.
SELECT
    CAST(MAX(value) FILTER (WHERE name = 'index_date_from') AS DATE) AS index_date_from,
    CAST(MAX(value) FILTER (WHERE name = 'index_date_to') AS DATE) AS index_date_to,
    STRING_SPLIT(MAX(value) FILTER (WHERE name = 'eligible_bclc_reported'), ' ') AS bclc_codes,
    STRING_SPLIT(MAX(value) FILTER (WHERE name = 'eligible_child_pugh'), ' ') AS child_pugh_codes,
    CAST(MAX(value) FILTER (WHERE name = 'baseline_imaging_days') AS INTEGER) AS imaging_days,
    CAST(MAX(value) FILTER (WHERE name = 'followup_imaging_minimum') AS INTEGER) AS followup_imaging_minimum,
    MAX(value) FILTER (WHERE name = 'prior_systemic_therapy_allowed') AS prior_systemic_therapy_allowed,
    MAX(value) FILTER (WHERE name = 'other_cancer_cured_years') AS other_cancer_cured_years,
    MAX(value) FILTER (WHERE name = 'unknown_criterion') AS unknown_criterion,
    MAX(value) FILTER (WHERE name = 'score_decides') AS score_decides
FROM reference.study_option
