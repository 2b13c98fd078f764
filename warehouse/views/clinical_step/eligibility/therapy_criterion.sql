-- Eligibility by earlier treatment: no other systemic therapy before the study drug.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @criterion: no_other_systemic_therapy.
-- @verdict: met, not_met or unknown.
-- @evidence: What shows it, with its date.
WITH earlier_drug AS (
    SELECT
        course.site_id,
        course.patient_id,
        course.drug_code,
        course.started_on,
        -- A start known to the month or year may lie on either side of the index date, unless its role decides.
        CASE
            WHEN course.role_code = 'prior' THEN TRUE
            WHEN course.started_on_precision = 'month' THEN LAST_DAY(course.started_on) < index_date.index_date
            WHEN course.started_on_precision = 'year'
                THEN CAST(course.started_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE) < index_date.index_date
            ELSE TRUE
        END AS is_surely_before,
        CASE
            WHEN drug_kind.kind IN ('chemotherapy', 'other') THEN 'not_met'
            -- Study option prior_systemic_therapy_allowed: "arterial infusion chemotherapy, targeted and immune therapy
            -- before are all allowed; option, infusion alone". Infusion into the artery is a procedure, never a course.
            WHEN eligibility_option.prior_systemic_therapy_allowed = 'infusion_alone' THEN 'not_met'
            WHEN drug_kind.kind IN ('targeted', 'immune') THEN 'met'
            -- An investigational drug: of either kind.
            ELSE 'unknown'
        END AS verdict_of_drug
    FROM current.treatment_course AS course
    INNER JOIN clinical.index_date AS index_date
        ON
            course.site_id = index_date.site_id
            AND course.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN reference.drug_kind AS drug_kind ON course.drug_code = drug_kind.drug_code
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
    WHERE
        course.drug_code IS DISTINCT FROM study_number.index_drug
        AND course.started_on < index_date.index_date
),

judged AS (
    SELECT
        *,
        CASE WHEN verdict_of_drug = 'not_met' AND NOT is_surely_before THEN 'unknown' ELSE verdict_of_drug END
            AS verdict
    FROM earlier_drug
),

-- A course that was set aside, of a drug and a day that would not leave the criterion met.
doubt AS (
    SELECT DISTINCT
        possible.site_id,
        possible.patient_id
    FROM clinical_step.possible_treatment AS possible
    INNER JOIN clinical.index_date AS index_date
        ON
            possible.site_id = index_date.site_id
            AND possible.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    LEFT JOIN reference.drug_kind AS drug_kind ON possible.treatment_code = drug_kind.drug_code
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
    WHERE
        possible.kind = 'drug'
        AND COALESCE(possible.treatment_code <> study_number.index_drug, TRUE)
        AND COALESCE(possible.started_on < index_date.index_date, TRUE)
        AND (
            eligibility_option.prior_systemic_therapy_allowed = 'infusion_alone'
            OR COALESCE(drug_kind.kind NOT IN ('targeted', 'immune'), TRUE)
        )
),

worst AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(verdict = 'not_met') AS is_excluded,
        BOOL_OR(verdict = 'unknown') AS is_doubtful,
        STRING_AGG(drug_code || ' from ' || started_on, ', ' ORDER BY started_on, drug_code) AS drugs
    FROM judged
    GROUP BY site_id, patient_id
)

SELECT
    index_date.site_id,
    index_date.patient_id,
    'no_other_systemic_therapy' AS criterion,
    CASE
        WHEN index_date.index_date IS NULL THEN 'unknown'
        WHEN worst.is_excluded THEN 'not_met'
        WHEN worst.is_doubtful OR doubt.patient_id IS NOT NULL THEN 'unknown'
        ELSE 'met'
    END AS verdict,
    CASE
        WHEN index_date.index_date IS NULL THEN 'no index date'
        ELSE
            CONCAT_WS(
                '; ',
                COALESCE(worst.drugs, 'no other systemic drug recorded before ' || index_date.index_date),
                CASE WHEN doubt.patient_id IS NOT NULL THEN 'a course was set aside that may be one' END
            )
    END AS evidence
FROM clinical.index_date AS index_date
LEFT JOIN worst
    ON
        index_date.site_id = worst.site_id
        AND index_date.patient_id = worst.patient_id
LEFT JOIN doubt
    ON
        index_date.site_id = doubt.site_id
        AND index_date.patient_id = doubt.patient_id
