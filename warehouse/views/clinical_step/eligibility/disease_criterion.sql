-- Eligibility by the disease: index date, diagnosis, resectability and stage, liver function.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @criterion: index_date, hcc, unresectable_bclc_b_c or child_pugh_a_b.
-- @verdict: met, not_met or unknown.
-- @evidence: What shows it, with its date.
WITH known AS (
    SELECT
        patient.site_id,
        patient.patient_id,
        patient.diagnosis_basis,
        patient.diagnosed_on,
        patient.is_unresectable,
        index_date.index_date,
        index_date.index_date_precision,
        index_date.index_event,
        index_date.reason AS index_date_reason,
        index_date.is_set_aside,
        bclc.bclc_code,
        bclc.reported_on AS bclc_on,
        child_pugh.child_pugh_code,
        child_pugh.decided_by,
        child_pugh.reason AS child_pugh_reason,
        CASE child_pugh.decided_by
            WHEN 'reported' THEN child_pugh.reported_on
            ELSE index_date.index_date
        END AS child_pugh_on,
        eligibility_option.*
    FROM current.patient AS patient
    INNER JOIN clinical.index_date AS index_date
        ON
            patient.site_id = index_date.site_id
            AND patient.patient_id = index_date.patient_id
    INNER JOIN clinical.bclc AS bclc
        ON
            patient.site_id = bclc.site_id
            AND patient.patient_id = bclc.patient_id
    INNER JOIN clinical.child_pugh AS child_pugh
        ON
            patient.site_id = child_pugh.site_id
            AND patient.patient_id = child_pugh.patient_id
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
)

SELECT
    site_id,
    patient_id,
    'index_date' AS criterion,
    -- "First dose of sorafenib; needs day precision. Window January 2007 to March 2014"
    CASE
        WHEN is_set_aside THEN 'unknown'
        WHEN index_date_precision IS NULL THEN 'not_met'
        WHEN index_date IS NULL THEN 'unknown'
        WHEN index_date BETWEEN index_date_from AND index_date_to THEN 'met'
        ELSE 'not_met'
    END AS verdict,
    COALESCE(index_date_reason, index_event || ' on ' || index_date) AS evidence
FROM known
UNION ALL
SELECT
    site_id,
    patient_id,
    'hcc' AS criterion,
    -- "HCC by clinic or histology"
    CASE WHEN diagnosis_basis IN ('histology', 'clinical') THEN 'met' ELSE 'unknown' END AS verdict,
    CASE
        WHEN diagnosis_basis IS NULL THEN 'basis of the diagnosis not recorded'
        ELSE
            'diagnosis by ' || CASE diagnosis_basis WHEN 'clinical' THEN 'clinical criteria' ELSE diagnosis_basis END
            || COALESCE(' on ' || diagnosed_on, '')
    END AS evidence
FROM known
UNION ALL
SELECT
    site_id,
    patient_id,
    'unresectable_bclc_b_c' AS criterion,
    -- "Unresectable, BCLC B or C (the reported stage decides; a derived one that disagrees is a finding)"
    CASE
        WHEN NOT is_unresectable OR NOT LIST_CONTAINS(bclc_codes, bclc_code) THEN 'not_met'
        WHEN is_unresectable IS NULL OR bclc_code IS NULL THEN 'unknown'
        ELSE 'met'
    END AS verdict,
    CASE
        WHEN is_unresectable THEN 'unresectable'
        WHEN NOT is_unresectable THEN 'resectable'
        ELSE 'resectability not recorded'
    END
    || CASE
        WHEN bclc_code IS NULL THEN ', BCLC stage (' || score_decides || ') not known'
        ELSE
            ', BCLC ' || bclc_code || ' (' || score_decides || ')'
            || COALESCE(CASE score_decides WHEN 'reported' THEN ' of ' || bclc_on END, '')
    END AS evidence
FROM known
UNION ALL
SELECT
    site_id,
    patient_id,
    'child_pugh_a_b' AS criterion,
    -- "Child-Pugh A or B"
    CASE
        WHEN child_pugh_code IS NULL THEN 'unknown'
        WHEN LIST_CONTAINS(child_pugh_codes, child_pugh_code) THEN 'met'
        ELSE 'not_met'
    END AS verdict,
    CASE
        WHEN child_pugh_code IS NULL THEN 'not known; ' || child_pugh_reason
        ELSE 'Child-Pugh ' || child_pugh_code || ' (' || decided_by || ')' || COALESCE(' of ' || child_pugh_on, '')
    END AS evidence
FROM known
