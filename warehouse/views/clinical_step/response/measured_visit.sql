-- Every visit as the rule of response reads it: sum of the targets, status of the non-targets, new lesions.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: Days from the index date to the imaging.
-- @is_baseline: This is the visit that later ones are compared with.
-- @target_sum_mm: Sum over the targets that were measured, in millimetres; empty when none was.
-- @targets_measured: all, some or none of the targets, or not_applicable: there are no targets.
-- @are_targets_gone: Every target meets complete response: liver and other organs 0 mm, nodes of normal size.
-- @non_target_code: Status of the non-target lesions; empty when nothing is known. Code list: non_target_status.
-- @has_new_lesion: A new lesion proves progression; empty when nothing is known.
-- @is_target_treated: A target had local treatment after the baseline.
WITH target_at_visit AS (
    SELECT
        imaging_day.site_id,
        imaging_day.patient_id,
        imaging_day.day,
        target_lesion.is_node,
        COALESCE(lesion.is_treated_before, FALSE)
        AND NOT COALESCE(target_lesion.is_treated_before, FALSE) AS is_treated,
        CASE
            WHEN imaging_day.is_baseline THEN lesion.size_mm
            -- "No arterial phase or non-contrast scan: target NE."
            WHEN NOT imaging_day.can_measure_viable THEN NULL
            -- "Local therapy to a target between visits: flag": by the study option treated_target it is lost.
            WHEN
                response_option.treated_target = 'not_evaluable'
                AND lesion.is_treated_before
                AND NOT COALESCE(target_lesion.is_treated_before, FALSE)
                THEN NULL
            ELSE lesion.size_mm
        END AS size_mm
    FROM clinical_step.imaging_day AS imaging_day
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN clinical.baseline_lesion AS target_lesion
        ON
            imaging_day.site_id = target_lesion.site_id
            AND imaging_day.patient_id = target_lesion.patient_id
            AND target_lesion.is_target
    LEFT JOIN clinical_step.lesion_size AS lesion
        ON
            imaging_day.site_id = lesion.site_id
            AND imaging_day.patient_id = lesion.patient_id
            AND imaging_day.day = lesion.day
            AND target_lesion.lesion_label = lesion.lesion_label
),

target AS (
    SELECT
        target_at_visit.site_id,
        target_at_visit.patient_id,
        target_at_visit.day,
        COUNT(*) AS target_count,
        COUNT(target_at_visit.size_mm) AS measured_count,
        SUM(target_at_visit.size_mm) AS target_sum_mm,
        -- "CR with extrahepatic targets: each such target gone (0 mm); nodes below 10 mm short axis; liver targets
        -- without arterial enhancement."
        BOOL_AND(
            CASE
                WHEN target_at_visit.is_node THEN target_at_visit.size_mm < response_option.node_normal_below_mm
                ELSE target_at_visit.size_mm = 0
            END
        ) AS are_targets_gone,
        BOOL_OR(target_at_visit.is_treated) AS is_target_treated
    FROM target_at_visit
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY target_at_visit.site_id, target_at_visit.patient_id, target_at_visit.day
),

non_target_at_visit AS (
    SELECT
        imaging_day.site_id,
        imaging_day.patient_id,
        imaging_day.day,
        CASE
            WHEN lesion.is_node AND lesion.size_mm < response_option.node_normal_below_mm THEN 'gone'
            WHEN lesion.is_node AND lesion.size_mm IS NOT NULL THEN 'there'
            WHEN lesion.enhancement_code IN ('arterial', 'faint') THEN 'there'
            WHEN lesion.enhancement_code = 'none' THEN 'gone'
            -- Outside the liver a lesion is there or not, whether it enhances or not.
            WHEN lesion.organ_code <> 'liver' AND lesion.size_mm > 0 THEN 'there'
            WHEN lesion.organ_code <> 'liver' AND lesion.size_mm = 0 THEN 'gone'
        END AS state
    FROM clinical_step.imaging_day AS imaging_day
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN clinical.baseline_lesion AS baseline_lesion
        ON
            imaging_day.site_id = baseline_lesion.site_id
            AND imaging_day.patient_id = baseline_lesion.patient_id
            AND NOT baseline_lesion.is_target
    LEFT JOIN clinical_step.lesion_size AS lesion
        ON
            imaging_day.site_id = lesion.site_id
            AND imaging_day.patient_id = lesion.patient_id
            AND imaging_day.day = lesion.day
            AND baseline_lesion.lesion_label = lesion.lesion_label
),

non_target AS (
    SELECT
        site_id,
        patient_id,
        day,
        CASE
            -- mRECIST: "IR/SD: enhancement persists in one or more"; "CR: no enhancement in any".
            WHEN COUNT(*) FILTER (WHERE state = 'there') > 0 THEN 'IR/SD'
            WHEN COUNT(*) = COUNT(*) FILTER (WHERE state = 'gone') THEN 'CR'
            ELSE 'NE'
        END AS status
    FROM non_target_at_visit
    GROUP BY site_id, patient_id, day
),

new_lesion AS (
    SELECT
        site_id,
        patient_id,
        day,
        BOOL_OR(proves_progression) AS proves_progression
    FROM clinical_step.new_lesion
    GROUP BY site_id, patient_id, day
)

SELECT
    imaging_day.site_id,
    imaging_day.patient_id,
    imaging_day.day,
    imaging_day.is_baseline,
    CAST(target.target_sum_mm AS DECIMAL(12, 6)) AS target_sum_mm,
    CASE
        WHEN target.target_count IS NULL THEN 'not_applicable'
        WHEN target.measured_count = 0 THEN 'none'
        WHEN target.measured_count < target.target_count THEN 'some'
        ELSE 'all'
    END AS targets_measured,
    COALESCE(target.measured_count = target.target_count AND target.are_targets_gone, FALSE) AS are_targets_gone,
    -- Growth of non-targets is a judgement: the reader's word counts, and only without it their enhancement.
    COALESCE(imaging_day.non_target_code, non_target.status, 'none') AS non_target_code,
    -- Lesions described count as they are; where none is described, the reader's word does, and silence means none.
    COALESCE(new_lesion.proves_progression, imaging_day.has_new_lesion, FALSE) AS has_new_lesion,
    COALESCE(target.is_target_treated, FALSE) AS is_target_treated
FROM clinical_step.imaging_day AS imaging_day
LEFT JOIN target
    ON
        imaging_day.site_id = target.site_id
        AND imaging_day.patient_id = target.patient_id
        AND imaging_day.day = target.day
LEFT JOIN non_target
    ON
        imaging_day.site_id = non_target.site_id
        AND imaging_day.patient_id = non_target.patient_id
        AND imaging_day.day = non_target.day
LEFT JOIN new_lesion
    ON
        imaging_day.site_id = new_lesion.site_id
        AND imaging_day.patient_id = new_lesion.patient_id
        AND imaging_day.day = new_lesion.day
