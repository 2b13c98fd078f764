-- Invasion of the great vessels of the liver before treatment (Vp0 to Vp4, hepatic vein), as BCLC asks for it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reported_vp_code: Extent of portal vein invasion as reported. Code list: portal_vein_invasion.
-- @has_thrombus: A tumour thrombus of the portal vein is among the lesions of the baseline imaging.
-- @vp_code: The extent; empty when it is not stated, also where a thrombus contradicts Vp0.
-- @is_portal_vein_invaded: There is invasion at any level; empty when nothing is known.
-- @has_hepatic_vein_invasion: Tumour thrombus in a hepatic vein or the vena cava.
-- @is_macrovascular: Macrovascular invasion as BCLC counts it (study option bclc_vp1_2_is_macrovascular).
WITH thrombus AS (
    SELECT DISTINCT
        lesion.site_id,
        lesion.patient_id
    FROM clinical_step.lesion_size AS lesion
    -- "Bland thrombus is not Vp": one that does not enhance.
    WHERE
        lesion.is_baseline
        AND lesion.is_counted
        AND lesion.organ_code = 'portal_vein'
        AND lesion.enhancement_code IS DISTINCT FROM 'none'
),

extent AS (
    SELECT
        patient.site_id,
        patient.patient_id,
        tumour.portal_vein_invasion_code AS reported_vp_code,
        thrombus.patient_id IS NOT NULL AS has_thrombus,
        tumour.has_hepatic_vein_invasion,
        -- "Highest level wins. Level unstated: null, not 0."
        CASE
            WHEN tumour.portal_vein_invasion_code = 'vp0' AND thrombus.patient_id IS NOT NULL THEN NULL
            ELSE tumour.portal_vein_invasion_code
        END AS vp_code
    FROM current.patient AS patient
    LEFT JOIN current.tumour_baseline AS tumour
        ON
            patient.site_id = tumour.site_id
            AND patient.patient_id = tumour.patient_id
    LEFT JOIN thrombus
        ON
            patient.site_id = thrombus.site_id
            AND patient.patient_id = thrombus.patient_id
)

SELECT
    extent.site_id,
    extent.patient_id,
    extent.reported_vp_code,
    extent.has_thrombus,
    extent.vp_code,
    CASE
        WHEN extent.has_thrombus OR extent.vp_code IN ('vp1', 'vp2', 'vp3', 'vp4') THEN TRUE
        WHEN extent.vp_code = 'vp0' THEN FALSE
    END AS is_portal_vein_invaded,
    extent.has_hepatic_vein_invasion,
    -- Three-valued on purpose: one proven invasion decides, an unknown vessel leaves "none" open.
    extent.has_hepatic_vein_invasion
    OR CASE
        WHEN extent.vp_code IN ('vp3', 'vp4') THEN TRUE
        WHEN extent.vp_code = 'vp0' THEN FALSE
        WHEN extent.vp_code IN ('vp1', 'vp2') THEN score_option.is_vp1_2_macrovascular
        -- Invaded at a level that is not stated: the option decides whether any level counts.
        WHEN extent.has_thrombus AND score_option.is_vp1_2_macrovascular THEN TRUE
    END AS is_macrovascular
FROM extent
CROSS JOIN clinical_step.score_option AS score_option
