-- Every new lesion at every visit, and whether it proves progression there.
-- New is what the reader calls new, or what has no role and was not there at the baseline.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @lesion_label: The lesion's name, the same at every visit.
-- @size_mm: Its size; of a liver nodule the viable part where one is measured, or else the whole.
-- @proves_progression: The lesion is progression at this visit.
-- @reason: Why it is, or why it is only watched.
WITH with_baseline AS (
    SELECT DISTINCT
        site_id,
        patient_id
    FROM clinical.baseline_lesion
),

later AS (
    SELECT
        lesion.*,
        CASE lesion.pattern_code
            WHEN 'atypical' THEN 'atypical nodule'
            WHEN 'infiltrative' THEN 'infiltrative lesion'
            WHEN 'necrotic' THEN 'necrotic nodule'
            ELSE 'nodule without a known pattern'
        END AS nodule_name,
        -- Growth is looked for in all scans after this one, and in all before it. Two scans are compared by one length:
        -- by the viable part where the earlier shows one and the later reports it, or else by the whole lesion.
        CASE
            WHEN lesion.viable_mm > 0
                THEN GREATEST(
                    MAX(lesion.viable_mm) OVER onwards - lesion.viable_mm,
                    MAX(lesion.whole_mm) FILTER (WHERE lesion.viable_mm IS NULL) OVER onwards - lesion.whole_mm
                )
            ELSE MAX(lesion.whole_mm) OVER onwards - lesion.whole_mm
        END AS later_growth_mm,
        CASE
            WHEN lesion.viable_mm IS NOT NULL
                THEN GREATEST(
                    lesion.viable_mm - MIN(lesion.viable_mm) FILTER (WHERE lesion.viable_mm > 0) OVER so_far,
                    lesion.whole_mm
                    - MIN(lesion.whole_mm) FILTER (WHERE COALESCE(lesion.viable_mm, 0) = 0) OVER so_far
                )
            ELSE lesion.whole_mm - MIN(lesion.whole_mm) OVER so_far
        END AS past_growth_mm
    FROM clinical_step.lesion_size AS lesion
    WHERE NOT lesion.is_baseline
    WINDOW
        onwards AS (
            PARTITION BY lesion.site_id, lesion.patient_id, lesion.lesion_label
            ORDER BY lesion.day
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ),
        so_far AS (
            PARTITION BY lesion.site_id, lesion.patient_id, lesion.lesion_label
            ORDER BY lesion.day
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

new AS (
    SELECT
        later.site_id,
        later.patient_id,
        later.day,
        later.lesion_label,
        CASE WHEN later.is_node THEN later.size_mm ELSE later.new_size_mm END AS size_mm,
        CASE
            -- "New or larger effusion or ascites: PD only with malignant cytology", which is not recorded.
            WHEN later.pattern_code = 'effusion' THEN 'effusion without cytology'
            -- "New malignant vascular invasion: PD."
            WHEN later.pattern_code = 'thrombus' OR later.organ_code IN ('portal_vein', 'hepatic_vein', 'bile_duct')
                THEN 'vascular invasion'
            WHEN later.is_node AND later.size_mm < response_option.node_normal_below_mm THEN 'node of normal size'
            -- "New extrahepatic lesion: PD if unequivocal"; a reader who calls it new has no doubt.
            WHEN COALESCE(later.organ_code, 'other') <> 'liver' THEN 'outside the liver'
            -- "New liver nodule: PD if >= 10 mm with typical pattern ..."
            WHEN later.pattern_code = 'typical' AND later.new_size_mm >= response_option.new_nodule_from_mm
                THEN 'typical nodule'
            WHEN later.pattern_code = 'typical' THEN 'typical, but small'
            -- "... or >= 10 mm growth over later scans if atypical. Date of PD goes back to first sight."
            WHEN
                response_option.atypical_nodule_dated = 'first_sight'
                AND later.later_growth_mm >= response_option.atypical_growth_mm
                THEN later.nodule_name || ' that grows later'
            WHEN later.past_growth_mm >= response_option.atypical_growth_mm
                THEN later.nodule_name || ' that has grown'
            ELSE later.nodule_name || ', watched'
        END AS reason
    FROM later
    CROSS JOIN clinical_step.response_option AS response_option
    LEFT JOIN clinical.baseline_lesion AS baseline_lesion
        ON
            later.site_id = baseline_lesion.site_id
            AND later.patient_id = baseline_lesion.patient_id
            AND later.lesion_label = baseline_lesion.lesion_label
    LEFT JOIN with_baseline
        ON
            later.site_id = with_baseline.site_id
            AND later.patient_id = with_baseline.patient_id
    WHERE
        later.role_code = 'new'
        OR (
            later.role_code IS NULL
            AND baseline_lesion.lesion_label IS NULL
            AND with_baseline.patient_id IS NOT NULL
        )
)

SELECT
    *,
    reason NOT IN ('effusion without cytology', 'node of normal size', 'typical, but small')
    AND reason NOT LIKE '%, watched' AS proves_progression
FROM new
