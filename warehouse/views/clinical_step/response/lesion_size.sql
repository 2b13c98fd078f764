-- The one length of every lesion that counts for response, on every day of imaging, with the visit of that day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: The visit, named by its first day of imaging, counted from the index date; the baseline by its last.
-- @seen_day: Days from the index date to the imaging.
-- @lesion_label: The lesion's name, the same at every visit.
-- @is_baseline: Seen at the baseline.
-- @is_counted: The row that counts for the lesion at its visit: the latest with a size, or else the latest that says
-- whether it enhances.
-- @organ_code: The organ in which the lesion lies. Code list: organ.
-- @organ_group: The organ by which targets are counted: all lymph nodes are one.
-- @role_code: Target, non-target or new, as the hospital's reader last said at the visit. Code list: lesion_role.
-- @is_node: The lesion is a lymph node.
-- @is_thrombus: The lesion lies in a vessel or a bile duct.
-- @lacks_arterial_phase: Of what is judged by its enhancement: the imaging had no arterial phase to judge it by.
-- @size_mm: Short axis of a node, viable diameter in the liver, whole diameter elsewhere; empty when not measured.
-- @viable_mm: Longest diameter of what enhances in the arterial phase; 0 when nothing does, empty when not measured.
-- @whole_mm: Longest diameter of the whole lesion.
-- @new_size_mm: Size of a new nodule: its viable part where one is measured, or else the whole.
-- @enhancement_code: Arterial enhancement. Code list: enhancement.
-- @pattern_code: Typical or atypical for HCC, infiltrative, thrombus or effusion. Code list: lesion_pattern.
-- @is_treated_before: The lesion had local treatment before this visit.
-- @has_malignant_cells: Cytology of an effusion.
-- @is_set_aside: The lesion, or a part of what is said of it, was set aside: it has no size here.
WITH known AS (
    SELECT
        lesion.*,
        apart.patient_id IS NOT NULL AS is_set_aside
    FROM clinical_step.measured_lesion AS lesion
    LEFT JOIN clinical_step.lesion_set_aside AS apart
        ON
            lesion.site_id = apart.site_id
            AND lesion.patient_id = apart.patient_id
            AND lesion.day = apart.day
            AND lesion.lesion_label = apart.lesion_label
    UNION ALL BY NAME
    SELECT
        apart.*,
        FALSE AS is_node,
        TRUE AS is_set_aside
    FROM clinical_step.lesion_set_aside AS apart
    LEFT JOIN clinical_step.measured_lesion AS lesion
        ON
            apart.site_id = lesion.site_id
            AND apart.patient_id = lesion.patient_id
            AND apart.day = lesion.day
            AND apart.lesion_label = lesion.lesion_label
    WHERE lesion.patient_id IS NULL
),

placed AS (
    SELECT
        lesion.*,
        visit_day.day AS visit_day,
        visit_day.is_baseline,
        visit_day.is_only_day,
        visit_day.can_measure_viable,
        COALESCE(
            NOT lesion.is_node
            AND (
                lesion.pattern_code = 'thrombus'
                OR lesion.organ_code IN ('portal_vein', 'hepatic_vein', 'bile_duct')
            ), FALSE
        ) AS is_thrombus
    FROM known AS lesion
    INNER JOIN clinical_step.visit_day AS visit_day
        ON
            lesion.site_id = visit_day.site_id
            AND lesion.patient_id = visit_day.patient_id
            AND lesion.day = visit_day.seen_day
),

-- "No arterial phase concerns liver lesions and thrombus; nodes, lung, bone and other organs are measured without it."
phased AS (
    SELECT
        *,
        NOT can_measure_viable
        AND (is_thrombus OR COALESCE(organ_code = 'liver' AND NOT is_node, FALSE)) AS lacks_arterial_phase
    FROM placed
),

measured AS (
    SELECT
        *,
        CASE
            WHEN is_set_aside THEN NULL
            -- At the baseline a size that is given was measured.
            WHEN lacks_arterial_phase AND NOT is_baseline THEN NULL
            -- RECIST 1.1: "nodes: short axis".
            WHEN is_node THEN short_axis_mm
            -- mRECIST: "the longest viable diameter in arterial phase"; "not enhancing: 0", whatever length is given.
            WHEN organ_code = 'liver' AND enhancement_code = 'none' THEN 0
            WHEN organ_code = 'liver' THEN viable_diameter_mm
            -- "Extrahepatic lesions: whole diameter as in RECIST 1.1".
            ELSE whole_diameter_mm
        END AS measured_mm
    FROM phased
),

sized AS (
    SELECT
        measured.*,
        CASE
            -- RECIST 1.1: "too faint to measure: 5 mm; a stated number is used even if below 5".
            WHEN
                measured.measured_mm IS NULL
                AND measured.enhancement_code = 'faint'
                AND NOT measured.is_set_aside
                AND (measured.is_baseline OR NOT measured.lacks_arterial_phase)
                THEN response_option.faint_enhancement_mm
            ELSE measured.measured_mm
        END AS size_mm
    FROM measured
    CROSS JOIN clinical_step.response_option AS response_option
),

-- "Of a lesion measured twice the later measurement counts"; what an arterial phase shows goes before what is seen
-- without one. A visit of one day has nothing to choose.
chosen AS (
    SELECT
        site_id,
        patient_id,
        visit_day,
        lesion_label,
        ARG_MAX(
            day,
            (
                -- A measurement that was set aside may be the later one.
                is_set_aside,
                size_mm IS NOT NULL,
                NOT lacks_arterial_phase,
                size_mm IS NOT NULL OR COALESCE(enhancement_code, 'not_assessed') <> 'not_assessed',
                day
            )
        ) AS day,
        ARG_MAX(role_code, day) AS role_code
    FROM sized
    WHERE NOT is_only_day
    GROUP BY site_id, patient_id, visit_day, lesion_label
)

SELECT
    sized.site_id,
    sized.patient_id,
    sized.visit_day AS day,
    sized.day AS seen_day,
    sized.lesion_label,
    sized.is_baseline,
    sized.day = COALESCE(chosen.day, sized.day) AS is_counted,
    sized.organ_code,
    CASE WHEN sized.is_node THEN 'lymph_node' ELSE sized.organ_code END AS organ_group,
    COALESCE(chosen.role_code, sized.role_code) AS role_code,
    sized.is_node,
    sized.is_thrombus,
    sized.lacks_arterial_phase,
    sized.size_mm,
    CASE
        WHEN sized.enhancement_code <> 'none' OR sized.enhancement_code IS NULL THEN sized.viable_diameter_mm
        WHEN sized.is_baseline OR NOT sized.lacks_arterial_phase THEN 0
    END AS viable_mm,
    sized.whole_diameter_mm AS whole_mm,
    CASE
        -- The typical pattern is that of what enhances.
        WHEN sized.pattern_code = 'typical' AND sized.enhancement_code = 'none' THEN 0
        WHEN sized.enhancement_code = 'none' THEN COALESCE(sized.whole_diameter_mm, 0)
        ELSE COALESCE(NULLIF(sized.viable_diameter_mm, 0), sized.whole_diameter_mm, 0)
    END AS new_size_mm,
    sized.enhancement_code,
    sized.pattern_code,
    sized.is_treated_before,
    sized.has_malignant_cells,
    sized.is_set_aside
FROM sized
LEFT JOIN chosen
    ON
        sized.site_id = chosen.site_id
        AND sized.patient_id = chosen.patient_id
        AND sized.visit_day = chosen.visit_day
        AND sized.lesion_label = chosen.lesion_label
