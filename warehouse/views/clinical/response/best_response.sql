-- Best overall response of every patient by every reading, unconfirmed and confirmed; empty where what was set aside
-- may have changed it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read: lesions (derived), simplified (the paper's rule), physician or radiologist.
-- @best_unconfirmed: CR, PR, SD, IR/SD, PD or NE, each counted from its first sight.
-- @best_confirmed: The same, where a response must be seen again (study options confirmation_...).
-- @best_overall_response: The one of the two that the study takes (study option response_confirmation).
-- @is_missing: Nobody assessed the patient; NE in the denominator all the same. Empty where what was set aside may be
-- an assessment.
-- @assessment_count: Visits that count.
-- @evaluable_count: Those of them that could be evaluated.
-- @criterion: How the best overall response was found, with the limits that were used.
WITH best AS (
    SELECT
        milestone.*,
        response_option.response_confirmation,
        -- "Best of CR > PR > SD > IR/SD > PD > NE. Early SD then PD = PD; only early SD = NE. Early CR/PR count."
        CASE
            WHEN milestone.first_cr_day IS NOT NULL THEN 'CR'
            WHEN milestone.first_pr_day IS NOT NULL THEN 'PR'
            WHEN milestone.first_sd_day IS NOT NULL THEN 'SD'
            WHEN milestone.first_ir_sd_day IS NOT NULL THEN 'IR/SD'
            WHEN milestone.progression_day IS NOT NULL THEN 'PD'
            ELSE 'NE'
        END AS best_unconfirmed,
        CASE
            WHEN confirmed.confirmed_cr_day IS NOT NULL THEN 'CR'
            WHEN confirmed.confirmed_pr_day IS NOT NULL THEN 'PR'
            -- "A PR or CR that fails confirmation counts as SD when late enough"; after disease after CR nothing does.
            WHEN milestone.first_control_day < COALESCE(confirmed.disease_after_cr_day, milestone.first_control_day + 1)
                THEN 'SD'
            WHEN milestone.first_ir_sd_day < COALESCE(confirmed.disease_after_cr_day, milestone.first_ir_sd_day + 1)
                THEN 'IR/SD'
            -- "CR/SD, CR/PD, PR/PD: SD if the first scan reached minimum duration, else PD."
            WHEN milestone.progression_day IS NOT NULL OR confirmed.disease_after_cr_day IS NOT NULL THEN 'PD'
            -- "CR/NE, PR/NE: SD if reached, else NE; NE/NE: NE."
            ELSE 'NE'
        END AS best_confirmed
    FROM clinical_step.response_milestone AS milestone
    CROSS JOIN clinical_step.response_option AS response_option
    LEFT JOIN clinical_step.confirmed_response AS confirmed
        ON
            milestone.site_id = confirmed.site_id
            AND milestone.patient_id = confirmed.patient_id
            AND milestone.reading = confirmed.reading
),

-- What came before an open day is settled: progression, after which nothing counts, and the best response there is.
settled AS (
    SELECT
        best.site_id,
        best.patient_id,
        best.reading,
        COALESCE(
            best.progression_day <= doubt.open_from OR best.first_cr_day < doubt.open_from, doubt.open_from IS NULL
        ) AS is_unconfirmed_settled,
        COALESCE(best.progression_day <= doubt.open_from, doubt.open_from IS NULL) AS is_confirmed_settled
    FROM best
    LEFT JOIN clinical_step.response_doubt AS doubt
        ON
            best.site_id = doubt.site_id
            AND best.patient_id = doubt.patient_id
            AND best.reading = doubt.reading
),

wording AS (
    SELECT
        CASE response_confirmation
            WHEN 'confirmed'
                THEN
                    'confirmed at least ' || confirmation_days || ' days later, at most ' || confirmation_max_ne
                    || ' NE and ' || confirmation_max_sd || ' SD between; SD from day ' || minimum_sd_days || ' on'
            ELSE 'unconfirmed; SD from day ' || minimum_sd_days || ' on'
        END AS criterion
    FROM clinical_step.response_option
)

SELECT
    best.site_id,
    best.patient_id,
    best.reading,
    CASE WHEN settled.is_unconfirmed_settled THEN best.best_unconfirmed END AS best_unconfirmed,
    CASE WHEN settled.is_confirmed_settled THEN best.best_confirmed END AS best_confirmed,
    CASE
        WHEN best.response_confirmation = 'confirmed'
            THEN CASE WHEN settled.is_confirmed_settled THEN best.best_confirmed END
        WHEN settled.is_unconfirmed_settled THEN best.best_unconfirmed
    END AS best_overall_response,
    CASE WHEN best.assessment_count > 0 OR settled.is_confirmed_settled THEN best.assessment_count = 0 END
        AS is_missing,
    best.assessment_count,
    best.evaluable_count,
    wording.criterion
FROM best
INNER JOIN settled
    ON
        best.site_id = settled.site_id
        AND best.patient_id = settled.patient_id
        AND best.reading = settled.reading
CROSS JOIN wording
