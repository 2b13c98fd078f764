-- The criteria of the study in the order of the flow, each with the options that it reads.
-- @criterion: The criterion, a short code.
-- @place: Its place in the flow, from 1.
-- @option_values: The study options that it reads, with their values; empty where it reads none.
WITH criterion AS (
    SELECT
        listed.place,
        listed.criterion,
        listed.options
    FROM (
        VALUES
        (1, 'index_date', ['index_event', 'index_date_from', 'index_date_to']),
        (2, 'hcc', []),
        (3, 'unresectable_bclc_b_c', ['eligible_bclc_reported', 'score_decides']),
        (4, 'imaging_before', ['baseline_imaging_days']),
        (5, 'imaging_after', ['followup_imaging_minimum']),
        (6, 'child_pugh_a_b', ['eligible_child_pugh', 'score_decides']),
        (7, 'no_other_systemic_therapy', ['prior_systemic_therapy_allowed']),
        (8, 'no_serious_condition', []),
        (9, 'no_other_cancer', ['other_cancer_cured_years'])
    ) AS listed (place, criterion, options)
)

SELECT
    criterion.criterion,
    CAST(criterion.place AS SMALLINT) AS place,
    STRING_AGG(study_option.name || ' = ' || study_option.value, ', ' ORDER BY study_option.name) AS option_values
FROM criterion
LEFT JOIN reference.study_option AS study_option ON LIST_CONTAINS(criterion.options, study_option.name)
GROUP BY criterion.criterion, criterion.place
