-- BCLC stage of every patient, derived, with what it is derived from; empty when a missing input could change it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @ecog: ECOG at baseline, see performance_status.
-- @child_pugh_code: The Child-Pugh class that decides, see child_pugh.
-- @vp_code: Extent of portal vein invasion. Code list: portal_vein_invasion.
-- @is_macrovascular: Macrovascular invasion, see portal_vein_invasion.
-- @has_extrahepatic_metastasis: Spread to nodes or any organ; empty when none is recorded and some unknown.
-- @nodule_count: Number of intrahepatic nodules.
-- @nodule_count_qualifier: Whether the count is exact, a lower bound, or only 'multiple'. Code list: count_qualifier.
-- @largest_diameter_mm: Longest diameter of the largest intrahepatic tumour, in millimetres.
-- @derived_code: The derived stage. Code list: bclc_stage.
-- @possible_stages: Every stage that what is known leaves possible, the most advanced first.
-- @criterion: What the derived stage rests on.
-- @reason: Why there is no derived stage: what is missing.
-- @reported_code: Stage as the hospital reports it. Code list: bclc_stage.
-- @reported_on: Date of the reported stage.
-- @bclc_code: The stage that decides (study option score_decides). Code list: bclc_stage.
WITH doubt AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical_step.set_aside
    WHERE table_name = 'tumour_baseline' AND column_name = 'nodule_count_qualifier'
),

input AS (
    SELECT
        patient.site_id,
        patient.patient_id,
        status.ecog,
        child_pugh.child_pugh_code,
        vein.vp_code,
        vein.is_macrovascular,
        tumour.has_lymph_node_metastasis
        OR tumour.has_lung_metastasis
        OR tumour.has_bone_metastasis
        OR tumour.has_brain_metastasis
        OR tumour.has_adrenal_metastasis
        OR tumour.has_peritoneum_metastasis
        OR tumour.has_other_metastasis AS has_extrahepatic_metastasis,
        tumour.nodule_count,
        tumour.nodule_count_qualifier,
        tumour.largest_diameter_mm,
        -- 'Multiple' is two or more, 'at least' that many or more.
        CASE tumour.nodule_count_qualifier
            WHEN 'multiple' THEN GREATEST(COALESCE(tumour.nodule_count, 2), 2)
            ELSE tumour.nodule_count
        END AS least_count,
        -- A qualifier that was set aside is not "exact".
        CASE
            WHEN doubt.patient_id IS NULL AND COALESCE(tumour.nodule_count_qualifier, 'exact') = 'exact'
                THEN tumour.nodule_count
        END AS greatest_count,
        patient.bclc_reported_code AS reported_code,
        patient.bclc_assessed_on AS reported_on
    FROM current.patient AS patient
    LEFT JOIN current.tumour_baseline AS tumour
        ON
            patient.site_id = tumour.site_id
            AND patient.patient_id = tumour.patient_id
    LEFT JOIN doubt
        ON
            patient.site_id = doubt.site_id
            AND patient.patient_id = doubt.patient_id
    LEFT JOIN clinical.performance_status AS status
        ON
            patient.site_id = status.site_id
            AND patient.patient_id = status.patient_id
    LEFT JOIN clinical.child_pugh AS child_pugh
        ON
            patient.site_id = child_pugh.site_id
            AND patient.patient_id = child_pugh.patient_id
    LEFT JOIN clinical.portal_vein_invasion AS vein
        ON
            patient.site_id = vein.site_id
            AND patient.patient_id = vein.patient_id
),

-- Three-valued: an unknown number of nodules is neither one nor several.
nodules AS (
    SELECT
        *,
        COALESCE(greatest_count = 0 OR largest_diameter_mm = 0, FALSE) AS is_liver_free,
        CASE
            WHEN least_count >= 2 THEN FALSE
            WHEN least_count = 1 AND greatest_count = 1 THEN TRUE
        END AS is_single,
        CASE
            WHEN least_count >= 4 OR greatest_count < 2 THEN FALSE
            WHEN least_count >= 2 AND greatest_count <= 3 THEN TRUE
        END AS is_two_or_three
    FROM input
),

-- Each rule of the order, three-valued: an input that is missing leaves it open unless another decides it.
rule AS (
    SELECT
        nodules.*,
        score_option.score_decides,
        -- "D if ECOG 3-4 or Child-Pugh C (not transplantable)"
        nodules.ecog IN (3, 4) OR nodules.child_pugh_code = 'C' AS is_d,
        -- "C if macrovascular invasion, nodes or spread, or ECOG 1-2"; study option bclc_ecog_1_is_advanced
        nodules.is_macrovascular
        OR nodules.has_extrahepatic_metastasis
        OR nodules.ecog = 2
        OR (nodules.ecog = 1 AND score_option.is_ecog_1_advanced) AS is_c,
        -- "0 single <=2 cm with Child-Pugh A"
        nodules.is_single AND nodules.largest_diameter_mm <= 20 AND nodules.child_pugh_code = 'A' AS is_0,
        -- "A single any size, or 2-3 nodules all <=3 cm"; study option bclc_single_above_5_cm
        (nodules.is_single AND (score_option.single_above_5_cm = 'A' OR nodules.largest_diameter_mm <= 50))
        OR (nodules.is_two_or_three AND nodules.largest_diameter_mm <= 30) AS is_a
    FROM nodules
    CROSS JOIN clinical_step.score_option AS score_option
),

-- A stage is possible when its rule is not refuted and no rule before it is proven; "else B".
possible AS (
    SELECT
        *,
        CASE
            WHEN ecog = 5 THEN ''
            ELSE CONCAT_WS(
                ' ',
                CASE WHEN is_d IS NOT FALSE THEN 'D' END,
                CASE WHEN is_d IS NOT TRUE AND is_c IS NOT FALSE THEN 'C' END,
                CASE
                    WHEN is_d IS NOT TRUE AND is_c IS NOT TRUE AND NOT is_liver_free AND is_0 IS NOT FALSE THEN '0'
                END,
                CASE
                    WHEN
                        is_d IS NOT TRUE AND is_c IS NOT TRUE AND NOT is_liver_free
                        AND is_0 IS NOT TRUE AND is_a IS NOT FALSE
                        THEN 'A'
                END,
                CASE
                    WHEN
                        is_d IS NOT TRUE AND is_c IS NOT TRUE AND NOT is_liver_free
                        AND is_0 IS NOT TRUE AND is_a IS NOT TRUE
                        THEN 'B'
                END
            )
        END AS possible_stages
    FROM rule
),

stage AS (
    SELECT
        *,
        -- "A missing input gives unknown, never a stage." Without tumour in the liver, D and C alone can be proven.
        CASE
            WHEN LENGTH(possible_stages) = 1 AND (NOT is_liver_free OR is_d OR is_c) THEN possible_stages
        END AS derived_code
    FROM possible
)

SELECT
    site_id,
    patient_id,
    ecog,
    child_pugh_code,
    vp_code,
    is_macrovascular,
    has_extrahepatic_metastasis,
    nodule_count,
    nodule_count_qualifier,
    largest_diameter_mm,
    derived_code,
    possible_stages,
    CASE derived_code
        WHEN 'D' THEN CASE WHEN child_pugh_code = 'C' THEN 'Child-Pugh C' ELSE 'ECOG 3-4' END
        WHEN 'C'
            THEN
                CASE
                    WHEN is_macrovascular THEN 'macrovascular invasion'
                    WHEN has_extrahepatic_metastasis THEN 'extrahepatic spread'
                    ELSE 'ECOG 1-2'
                END
        WHEN '0' THEN 'single tumour up to 2 cm, Child-Pugh A'
        WHEN 'A' THEN CASE WHEN is_single THEN 'single tumour' ELSE '2-3 nodules, all up to 3 cm' END
        WHEN 'B' THEN 'neither 0, A, C nor D'
    END AS criterion,
    CASE
        WHEN derived_code IS NOT NULL THEN NULL
        WHEN ecog = 5 THEN 'ECOG 5 is dead: no stage'
        WHEN possible_stages = '' THEN 'no tumour in the liver: stages 0, A and B do not apply'
        ELSE 'not known: ' || CONCAT_WS(
            ', ',
            CASE WHEN ecog IS NULL THEN 'ECOG' END,
            CASE WHEN child_pugh_code IS NULL THEN 'Child-Pugh class' END,
            CASE WHEN is_c IS NULL AND is_macrovascular IS NULL THEN 'macrovascular invasion' END,
            CASE WHEN is_c IS NULL AND has_extrahepatic_metastasis IS NULL THEN 'extrahepatic spread' END,
            CASE WHEN is_c IS NOT TRUE AND is_two_or_three IS NULL THEN 'number of nodules' END,
            CASE WHEN is_c IS NOT TRUE AND largest_diameter_mm IS NULL THEN 'largest diameter' END
        )
    END AS reason,
    reported_code,
    reported_on,
    CASE score_decides WHEN 'derived' THEN derived_code ELSE reported_code END AS bclc_code
FROM stage
