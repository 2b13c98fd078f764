-- Every patient checked against every criterion of the study: nine rows per patient, in the order of the flow.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @place: Place of the criterion in the flow, from 1.
-- @criterion: The window of the index date, then inclusion (a) to (e), then exclusion.
-- @verdict: met, not_met or unknown.
-- @counts_as: The same, or met for unknown where study option unknown_criterion says so.
-- @evidence: What shows it, with its date.
-- @option_values: The study options that the criterion reads, with their values.
WITH judged AS (
    SELECT * FROM clinical_step.disease_criterion
    UNION ALL
    SELECT * FROM clinical_step.imaging_criterion
    UNION ALL
    SELECT * FROM clinical_step.therapy_criterion
    UNION ALL
    SELECT * FROM clinical_step.condition_criterion
)

SELECT
    judged.site_id,
    judged.patient_id,
    criterion.place,
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
INNER JOIN clinical_step.study_criterion AS criterion ON judged.criterion = criterion.criterion
CROSS JOIN clinical_step.eligibility_option AS eligibility_option
