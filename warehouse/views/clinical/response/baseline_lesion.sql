-- The lesions at the baseline, each by its latest measurement: which are measurable, and which are the targets.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @lesion_label: The lesion's name, the same at every visit.
-- @organ_group: The organ by which targets are counted: all lymph nodes are one.
-- @is_node: The lesion is a lymph node.
-- @is_target: The lesion is a target; all others are non-targets.
-- @is_chosen_by_reader: The hospital's reader chose the patient's targets, and not the rule.
-- @is_measurable: The lesion could be a target by the rule.
-- @seen_day: The day of that measurement, from the index date.
-- @size_mm: Its size at the baseline.
-- @viable_mm: Its enhancing part; 0 when nothing enhances, empty when not measured.
-- @is_benign: By rule no tumour: a node at the porta hepatis below its limit, a thrombus that does not enhance.
-- @is_treated_before: The lesion had local treatment before the baseline.
-- @reason: Why the lesion is a target or not.
WITH judged AS (
    SELECT
        lesion.*,
        response_option.target_lesions_per_organ,
        response_option.target_lesions_in_all,
        response_option.target_lesions_from = 'hospital'
        AND BOOL_OR(COALESCE(lesion.role_code IN ('target', 'non_target'), FALSE)) OVER (
            PARTITION BY lesion.site_id, lesion.patient_id
        ) AS is_chosen_by_reader,
        CASE
            WHEN lesion.is_set_aside THEN 'set aside'
            -- mRECIST, non-target: "infiltrative or ill-defined HCC", "malignant thrombus", "effusions",
            -- "non-enhancing or atypical lesions".
            WHEN lesion.pattern_code IN ('infiltrative', 'thrombus', 'effusion', 'necrotic') THEN lesion.pattern_code
            WHEN lesion.organ_code IN ('portal_vein', 'hepatic_vein', 'bile_duct') THEN 'thrombus'
            -- "Bone without soft tissue": a soft part is not recorded, so bone is never a target.
            WHEN lesion.organ_code IN ('bone', 'pleura') THEN 'no measurable part'
            WHEN lesion.size_mm IS NULL THEN 'not measured'
            -- "Nodes: porta hepatis malignant if >= 20 mm; other nodes >= 15 mm".
            WHEN lesion.organ_code = 'porta_hepatis'
                THEN CASE WHEN lesion.size_mm < response_option.porta_hepatis_node_mm THEN 'too small' END
            WHEN lesion.is_node
                THEN CASE WHEN lesion.size_mm < response_option.node_target_from_mm THEN 'too small' END
            WHEN lesion.organ_code = 'liver' AND lesion.pattern_code = 'atypical' THEN 'atypical'
            WHEN lesion.organ_code = 'liver' AND lesion.enhancement_code = 'none' THEN 'no arterial enhancement'
            -- "Liver lesion with longest viable diameter >= 10 mm".
            WHEN lesion.organ_code = 'liver'
                THEN CASE WHEN lesion.size_mm < response_option.liver_target_from_mm THEN 'too small' END
            WHEN lesion.size_mm < response_option.extrahepatic_target_from_mm THEN 'too small'
        END AS unmeasurable_because,
        COALESCE(
            CASE
                -- "Bland at the baseline, on a scan with an arterial phase."
                WHEN lesion.is_thrombus THEN lesion.enhancement_code = 'none' AND NOT lesion.lacks_arterial_phase
                -- "Node at the porta hepatis: malignant from 20 mm short axis."
                WHEN lesion.organ_code = 'porta_hepatis' AND lesion.is_node
                    THEN lesion.size_mm < response_option.porta_hepatis_node_mm
            END, FALSE
        ) AS is_benign
    FROM clinical_step.lesion_size AS lesion
    CROSS JOIN clinical_step.response_option AS response_option
    WHERE lesion.is_baseline AND lesion.is_counted
),

ranked_in_organ AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY site_id, patient_id, organ_group
            ORDER BY unmeasurable_because IS NOT NULL ASC, size_mm DESC, lesion_label ASC
        ) AS place_in_organ
    FROM judged
),

-- "Max 2 per organ, 5 in all": the largest; of equal ones the first by name, so that a build always takes the same.
ranked AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY site_id, patient_id
            ORDER BY
                unmeasurable_because IS NOT NULL OR place_in_organ > target_lesions_per_organ ASC,
                size_mm DESC,
                lesion_label ASC
        ) AS place_in_all
    FROM ranked_in_organ
)

SELECT
    site_id,
    patient_id,
    lesion_label,
    organ_group,
    is_node,
    CASE
        -- What was set aside may have been a target: it counts as one that nobody measured, so that no sum is complete.
        WHEN is_set_aside THEN TRUE
        WHEN is_chosen_by_reader THEN COALESCE(role_code = 'target', FALSE)
        ELSE
            unmeasurable_because IS NULL
            AND place_in_organ <= target_lesions_per_organ
            AND place_in_all <= target_lesions_in_all
    END AS is_target,
    is_chosen_by_reader,
    unmeasurable_because IS NULL AS is_measurable,
    seen_day,
    size_mm,
    viable_mm,
    is_benign,
    is_treated_before,
    CASE
        WHEN is_set_aside THEN 'set aside: it may be a target, and its size is not known'
        WHEN is_chosen_by_reader THEN 'as the reader chose'
        WHEN unmeasurable_because IS NOT NULL THEN 'not measurable: ' || unmeasurable_because
        WHEN place_in_organ > target_lesions_per_organ
            THEN 'measurable, but ' || target_lesions_per_organ || ' larger ones of its organ are targets'
        WHEN place_in_all > target_lesions_in_all
            THEN 'measurable, but ' || target_lesions_in_all || ' larger ones are targets'
        ELSE 'measurable, among the largest'
    END AS reason
FROM ranked
