-- Every patient held against every criterion of the study: nine rows per patient, in the order of the flow.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @place: Place of the criterion in the flow, from 1.
-- @criterion: The window of the index date, then inclusion (a) to (e), then exclusion.
-- @verdict: met, not_met or unknown.
-- @counts_as: The same, or met for unknown where study option unknown_criterion says so.
-- @evidence: What shows it, with its date.
-- @option_values: The study options that the criterion reads, with their values.
WITH judged AS (
    SELECT * FROM clinical.disease_criterion
    UNION ALL
    SELECT * FROM clinical.imaging_criterion
    UNION ALL
    SELECT * FROM clinical.therapy_criterion
    UNION ALL
    SELECT * FROM clinical.condition_criterion
),

criterion_read AS (
    SELECT
        UNNEST([
            'index_date',
            'index_date',
            'hcc',
            'unresectable_bclc_b_c',
            'unresectable_bclc_b_c',
            'imaging_before',
            'imaging_after',
            'child_pugh_a_b',
            'child_pugh_a_b',
            'no_other_systemic_therapy',
            'no_serious_condition',
            'no_other_cancer'
        ]) AS criterion,
        UNNEST([
            'index_date_from',
            'index_date_to',
            NULL,
            'eligible_bclc_reported',
            'score_decides',
            'baseline_imaging_days',
            'followup_imaging_minimum',
            'eligible_child_pugh',
            'score_decides',
            'prior_systemic_therapy_allowed',
            NULL,
            'other_cancer_cured_years'
        ]) AS option_name,
        UNNEST([1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9]) AS place
),

criterion AS (
    SELECT
        criterion_read.criterion,
        criterion_read.place,
        STRING_AGG(study_option.name || ' = ' || study_option.value, ', ' ORDER BY study_option.name) AS option_values
    FROM criterion_read
    LEFT JOIN reference.study_option AS study_option ON criterion_read.option_name = study_option.name
    GROUP BY criterion_read.criterion, criterion_read.place
)

SELECT
    judged.site_id,
    judged.patient_id,
    CAST(criterion.place AS SMALLINT) AS place,
    judged.criterion,
    judged.verdict,
    -- "Unknown never counts as met in silence": only by the option.
    CASE
        WHEN judged.verdict = 'unknown' AND eligibility_option.unknown_criterion = 'met' THEN 'met'
        ELSE judged.verdict
    END AS counts_as,
    judged.evidence,
    criterion.option_values
FROM judged
INNER JOIN criterion ON judged.criterion = criterion.criterion
CROSS JOIN clinical.eligibility_option AS eligibility_option
