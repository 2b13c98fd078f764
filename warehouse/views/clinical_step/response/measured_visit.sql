-- Every visit as the rule of response reads it: sum of the targets, status of the non-targets, new lesions.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: The visit, named by its first day of imaging, counted from the index date; the baseline by its last.
-- @last_day: Its last day of imaging.
-- @is_baseline: This is the visit that later ones are compared with.
-- @target_sum_mm: Sum over the targets that were measured, in millimetres; empty when none was.
-- @targets_measured: all, some or none of the targets, or not_applicable: there are no targets.
-- @are_targets_gone: Every target meets complete response: liver and other organs 0 mm, nodes of normal size.
-- @open_sum_mm: The least that the sum can be where a measurement of it was set aside; empty where none was.
-- @sums_by_day: Of a visit of several days the sum as it was known on each, to date a progression.
-- @non_target_code: Status of the non-target lesions; empty when nothing is known. Code list: non_target_status.
-- @non_target_pd_day: The first day on which their growth was seen.
-- @has_new_lesion: A new lesion proves progression; empty when nothing is known.
-- @new_lesion_day: The first day of the visit that proves it.
-- @new_lesion_doubt: The reader reports a new lesion, and its descriptions count for none: what they are.
-- @is_target_treated: A target had local treatment after the baseline.
WITH target_seen AS (
    SELECT
        visit_day.site_id,
        visit_day.patient_id,
        visit_day.day,
        visit_day.seen_day,
        visit_day.is_only_day OR visit_day.is_baseline AS is_only_day,
        target_lesion.lesion_label,
        target_lesion.is_node,
        COALESCE(lesion.is_treated_before, FALSE)
        AND NOT COALESCE(target_lesion.is_treated_before, FALSE) AS is_treated,
        CASE
            -- Whether it is a target nobody knows, so no sum with it or without it is that of the targets.
            WHEN target_lesion.reason LIKE 'set aside%' THEN NULL
            WHEN visit_day.is_baseline THEN target_lesion.size_mm
            -- "Local therapy to a target between visits: flag": by the option treated_target it is lost.
            WHEN
                response_option.treated_target = 'not_evaluable'
                AND lesion.is_treated_before
                AND NOT COALESCE(target_lesion.is_treated_before, FALSE)
                THEN NULL
            ELSE lesion.size_mm
        END AS size_mm,
        COALESCE(lesion.is_set_aside, FALSE) AS is_set_aside
    FROM clinical_step.visit_day AS visit_day
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN clinical.baseline_lesion AS target_lesion
        ON
            visit_day.site_id = target_lesion.site_id
            AND visit_day.patient_id = target_lesion.patient_id
            AND target_lesion.is_target
    LEFT JOIN clinical_step.lesion_size AS lesion
        ON
            visit_day.site_id = lesion.site_id
            AND visit_day.patient_id = lesion.patient_id
            AND visit_day.seen_day = lesion.seen_day
            AND target_lesion.lesion_label = lesion.lesion_label
    -- Of the baseline each target has its size; one row is enough.
    WHERE NOT visit_day.is_baseline OR visit_day.seen_day = visit_day.day
),

-- "Of a lesion measured twice the later measurement counts"; one not imaged is missing, never gone.
target_at_day AS (
    SELECT
        site_id,
        patient_id,
        day,
        seen_day,
        is_only_day,
        is_node,
        is_treated,
        is_set_aside,
        size_mm
    FROM target_seen
    WHERE is_only_day
    UNION ALL
    SELECT
        site_id,
        patient_id,
        day,
        seen_day,
        is_only_day,
        is_node,
        is_treated,
        is_set_aside,
        CASE
            -- A measurement that was set aside may be the later one.
            WHEN BOOL_OR(is_set_aside) OVER (PARTITION BY site_id, patient_id, day, lesion_label) THEN NULL
            ELSE LAST_VALUE(size_mm IGNORE NULLS) OVER (
                PARTITION BY site_id, patient_id, day, lesion_label
                ORDER BY seen_day
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
        END AS size_mm
    FROM target_seen
    WHERE NOT is_only_day
),

target_day AS (
    SELECT
        target_at_day.site_id,
        target_at_day.patient_id,
        target_at_day.day,
        target_at_day.seen_day,
        BOOL_AND(target_at_day.is_only_day) AS is_only_day,
        COUNT(*) AS target_count,
        COUNT(target_at_day.size_mm) AS measured_count,
        CAST(SUM(target_at_day.size_mm) AS DECIMAL(12, 6)) AS target_sum_mm,
        -- "CR with extrahepatic targets: each such target gone (0 mm); nodes below 10 mm short axis; liver targets
        -- without arterial enhancement."
        BOOL_AND(
            CASE
                WHEN target_at_day.is_node THEN target_at_day.size_mm < response_option.node_normal_below_mm
                ELSE target_at_day.size_mm = 0
            END
        ) AS are_targets_gone,
        BOOL_OR(target_at_day.is_treated) AS is_target_treated,
        BOOL_OR(target_at_day.is_set_aside) AS is_set_aside
    FROM target_at_day
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY target_at_day.site_id, target_at_day.patient_id, target_at_day.day, target_at_day.seen_day
),

-- What is known on the last day of a visit is what the visit says.
target AS (
    SELECT
        site_id,
        patient_id,
        day,
        target_count,
        measured_count,
        target_sum_mm,
        are_targets_gone,
        is_target_treated,
        is_set_aside,
        NULL AS sums_by_day
    FROM target_day
    WHERE is_only_day
    UNION ALL
    SELECT
        site_id,
        patient_id,
        day,
        MAX(target_count) AS target_count,
        MAX(measured_count) AS measured_count,
        ARG_MAX(target_sum_mm, seen_day) AS target_sum_mm,
        ARG_MAX(are_targets_gone, seen_day) AS are_targets_gone,
        BOOL_OR(is_target_treated) AS is_target_treated,
        BOOL_OR(is_set_aside) AS is_set_aside,
        LIST(STRUCT_PACK(day := seen_day, sum_mm := target_sum_mm) ORDER BY seen_day) AS sums_by_day
    FROM target_day
    WHERE NOT is_only_day
    GROUP BY site_id, patient_id, day
),

non_target_at_visit AS (
    SELECT
        visit.site_id,
        visit.patient_id,
        visit.day,
        baseline_lesion.is_benign,
        CASE
            -- "Below 20 mm a node at the porta hepatis that is no target does not hinder CR."
            WHEN lesion.is_node AND lesion.organ_code = 'porta_hepatis'
                THEN
                    CASE
                        WHEN lesion.size_mm >= response_option.porta_hepatis_node_mm THEN 'there'
                        WHEN lesion.size_mm IS NOT NULL THEN 'gone'
                    END
            WHEN lesion.is_node AND lesion.size_mm < response_option.node_normal_below_mm THEN 'gone'
            WHEN lesion.is_node AND lesion.size_mm IS NOT NULL THEN 'there'
            WHEN lesion.enhancement_code IN ('arterial', 'faint') THEN 'there'
            -- "One that stopped enhancing has responded; without an arterial phase it is unknown."
            WHEN lesion.lacks_arterial_phase AND NOT lesion.is_baseline THEN NULL
            WHEN lesion.enhancement_code = 'none' THEN 'gone'
            -- Outside the liver a lesion is there or not, whether it enhances or not.
            WHEN lesion.organ_code <> 'liver' AND lesion.size_mm > 0 THEN 'there'
            WHEN lesion.organ_code <> 'liver' AND lesion.size_mm = 0 THEN 'gone'
        END AS state
    FROM clinical_step.response_visit AS visit
    CROSS JOIN clinical_step.response_option AS response_option
    INNER JOIN clinical.baseline_lesion AS baseline_lesion
        ON
            visit.site_id = baseline_lesion.site_id
            AND visit.patient_id = baseline_lesion.patient_id
            AND NOT baseline_lesion.is_target
    LEFT JOIN clinical_step.lesion_size AS lesion
        ON
            visit.site_id = lesion.site_id
            AND visit.patient_id = lesion.patient_id
            AND visit.day = lesion.day
            AND baseline_lesion.lesion_label = lesion.lesion_label
            AND lesion.is_counted
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
    -- What was no tumour at the baseline hinders nothing, seen or not, until it is one.
    WHERE NOT is_benign OR state = 'there'
    GROUP BY site_id, patient_id, day
),

new_lesion AS (
    SELECT
        site_id,
        patient_id,
        day,
        BOOL_OR(proves_progression) FILTER (WHERE is_counted) AS proves_progression,
        COALESCE(BOOL_OR(proves_progression IS NULL) FILTER (WHERE is_counted), FALSE) AS is_unknown,
        MIN(seen_day) FILTER (WHERE proves_progression) AS proven_day,
        BOOL_AND(cannot_count) FILTER (WHERE is_counted) AS can_none_count,
        ARRAY_TO_STRING(LIST_SORT(LIST_DISTINCT(LIST(reason) FILTER (WHERE is_counted))), ', ') AS reasons
    FROM clinical_step.new_lesion
    GROUP BY site_id, patient_id, day
    HAVING BOOL_OR(is_counted)
),

-- Visits of which a scan or its reader's word was set aside: silence is then not "none".
doubtful AS (
    SELECT
        visit_day.site_id,
        visit_day.patient_id,
        visit_day.day,
        BOOL_OR(doubtful_scan.is_new_lesion_open) AS is_new_lesion_open,
        BOOL_OR(doubtful_scan.is_non_target_open) AS is_non_target_open
    FROM clinical_step.doubtful_scan AS doubtful_scan
    INNER JOIN clinical_step.visit_day AS visit_day
        ON
            doubtful_scan.site_id = visit_day.site_id
            AND doubtful_scan.patient_id = visit_day.patient_id
            AND doubtful_scan.day = visit_day.seen_day
    GROUP BY visit_day.site_id, visit_day.patient_id, visit_day.day
),

-- A described lesion that counts is progression. Where none counts, the reader's word does, and silence means none.
new_at_visit AS (
    SELECT
        visit.site_id,
        visit.patient_id,
        visit.day,
        CASE
            WHEN new_lesion.proves_progression THEN TRUE
            WHEN visit.has_new_lesion AND new_lesion.day IS NULL THEN TRUE
            -- "The reader's word stands unless every described candidate is one that by rule cannot count."
            WHEN visit.has_new_lesion
                THEN
                    CASE response_option.new_lesion_by
                        WHEN 'reader' THEN NOT new_lesion.can_none_count
                        WHEN 'description' THEN CASE WHEN NOT new_lesion.is_unknown THEN FALSE END
                    END
            WHEN new_lesion.is_unknown AND visit.has_new_lesion IS NULL THEN NULL
            WHEN NOT COALESCE(doubtful.is_new_lesion_open, FALSE) THEN FALSE
        END AS has_new_lesion,
        COALESCE(doubtful.is_non_target_open, FALSE) AS is_non_target_open,
        LEAST(visit.new_lesion_day, new_lesion.proven_day) AS new_lesion_day,
        CASE
            WHEN visit.has_new_lesion AND NOT COALESCE(new_lesion.proves_progression, FALSE) THEN new_lesion.reasons
        END AS reasons
    FROM clinical_step.response_visit AS visit
    CROSS JOIN clinical_step.response_option AS response_option
    LEFT JOIN new_lesion
        ON
            visit.site_id = new_lesion.site_id
            AND visit.patient_id = new_lesion.patient_id
            AND visit.day = new_lesion.day
    LEFT JOIN doubtful
        ON
            visit.site_id = doubtful.site_id
            AND visit.patient_id = doubtful.patient_id
            AND visit.day = doubtful.day
)

SELECT
    visit.site_id,
    visit.patient_id,
    visit.day,
    visit.last_day,
    visit.is_baseline,
    target.target_sum_mm,
    CASE
        WHEN target.target_count IS NULL THEN 'not_applicable'
        WHEN target.measured_count = 0 THEN 'none'
        WHEN target.measured_count < target.target_count THEN 'some'
        ELSE 'all'
    END AS targets_measured,
    COALESCE(target.measured_count = target.target_count AND target.are_targets_gone, FALSE) AS are_targets_gone,
    CASE WHEN target.is_set_aside AND NOT visit.is_baseline THEN COALESCE(target.target_sum_mm, 0) END AS open_sum_mm,
    target.sums_by_day,
    -- Growth of non-targets is a judgement: the reader's word counts, and only without it their enhancement.
    CASE
        WHEN visit.non_target_code = 'PD' THEN 'PD'
        WHEN NOT new_at_visit.is_non_target_open THEN COALESCE(visit.non_target_code, non_target.status, 'none')
    END AS non_target_code,
    visit.non_target_pd_day,
    new_at_visit.has_new_lesion,
    CASE WHEN new_at_visit.has_new_lesion THEN new_at_visit.new_lesion_day END AS new_lesion_day,
    CASE WHEN NOT COALESCE(new_at_visit.has_new_lesion, FALSE) THEN new_at_visit.reasons END AS new_lesion_doubt,
    COALESCE(target.is_target_treated, FALSE) AS is_target_treated
FROM clinical_step.response_visit AS visit
INNER JOIN new_at_visit
    ON
        visit.site_id = new_at_visit.site_id
        AND visit.patient_id = new_at_visit.patient_id
        AND visit.day = new_at_visit.day
LEFT JOIN target
    ON
        visit.site_id = target.site_id
        AND visit.patient_id = target.patient_id
        AND visit.day = target.day
LEFT JOIN non_target
    ON
        visit.site_id = non_target.site_id
        AND visit.patient_id = non_target.patient_id
        AND visit.day = non_target.day
