-- Invasion of the great vessels of the liver before treatment (Vp0 to Vp4, hepatic vein), as BCLC asks for it.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reported_vp_code: Extent of portal vein invasion as reported. Code list: portal_vein_invasion.
-- @has_thrombus: A tumour thrombus of the portal vein is among the lesions of the baseline imaging; empty where one
-- that does not enhance was seen without an arterial phase, or something set aside may be one.
-- @vp_code: The extent; empty when it is not stated, also where a thrombus contradicts Vp0, or may.
-- @is_portal_vein_invaded: There is invasion at any level; empty when nothing is known.
-- @has_hepatic_vein_invasion: Tumour thrombus in a hepatic vein or the vena cava.
-- @is_macrovascular: Macrovascular invasion as BCLC counts it (study option bclc_vp1_2_is_macrovascular).
WITH thrombus AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_tumour) AS is_tumour,
        BOOL_OR(is_tumour IS NULL) AS is_open
    FROM (
        SELECT
            site_id,
            patient_id,
            -- "Thrombus that does not enhance: bland at the baseline, on a scan with an arterial phase: no Vp; without
            -- an arterial phase it is unknown."
            CASE
                WHEN enhancement_code = 'none' THEN CASE WHEN NOT lacks_arterial_phase THEN FALSE END
                WHEN enhancement_code IS NOT NULL OR NOT is_set_aside THEN TRUE
            END AS is_tumour
        FROM clinical_step.lesion_size
        WHERE is_baseline AND is_counted AND organ_code = 'portal_vein'
    ) AS lesion
    GROUP BY site_id, patient_id
),

-- Lesions of the baseline that were set aside, or of which the organ was, and that may lie in the portal vein.
doubt AS (
    SELECT DISTINCT
        apart.site_id,
        apart.patient_id
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical.index_date AS index_date
        ON
            apart.site_id = index_date.site_id
            AND apart.patient_id = index_date.patient_id
    WHERE
        apart.table_name = 'lesion'
        AND (apart.is_row OR apart.column_name = 'organ_code')
        AND COALESCE(apart.organ_code = 'portal_vein', TRUE)
        AND COALESCE(apart.first_day <= index_date.index_date, TRUE)
),

seen AS (
    SELECT
        patient.site_id,
        patient.patient_id,
        CASE
            WHEN thrombus.is_tumour THEN TRUE
            WHEN NOT COALESCE(thrombus.is_open, FALSE) AND doubt.patient_id IS NULL THEN FALSE
        END AS has_thrombus
    FROM current.patient AS patient
    LEFT JOIN thrombus
        ON
            patient.site_id = thrombus.site_id
            AND patient.patient_id = thrombus.patient_id
    LEFT JOIN doubt
        ON
            patient.site_id = doubt.site_id
            AND patient.patient_id = doubt.patient_id
),

extent AS (
    SELECT
        seen.site_id,
        seen.patient_id,
        tumour.portal_vein_invasion_code AS reported_vp_code,
        seen.has_thrombus,
        tumour.has_hepatic_vein_invasion,
        -- "Highest level wins. Level unstated: null, not 0."
        CASE
            WHEN tumour.portal_vein_invasion_code = 'vp0' AND seen.has_thrombus IS NOT FALSE THEN NULL
            ELSE tumour.portal_vein_invasion_code
        END AS vp_code
    FROM seen
    LEFT JOIN current.tumour_baseline AS tumour
        ON
            seen.site_id = tumour.site_id
            AND seen.patient_id = tumour.patient_id
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
