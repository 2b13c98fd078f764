-- Response at every visit by mRECIST, and by the simplified rule of the paper; in order of the criteria.
-- Reads clinical_step.measured_visit and the options alone. A baseline has no response.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @day: The visit, named by its first day of imaging, counted from the start of treatment; the baseline by its last.
-- @is_baseline: This is the visit that later ones are compared with.
-- @target_sum_mm: Sum over the targets that were measured.
-- @baseline_sum_mm: Sum at the baseline; empty without a complete one.
-- @nadir_mm: Smallest complete sum before this visit, the baseline included.
-- @target_response: CR, PR, SD, PD or NE of the targets; empty without targets, and where a nadir set aside decides.
-- @non_target_code: Status of the non-target lesions. Code list: non_target_status.
-- @has_new_lesion: A new lesion proves progression.
-- @overall_response: CR, PR, SD, PD, NE, or IR/SD without targets; empty when it hangs on something unknown.
-- @progression_day: The earliest day of the visit that proves progression, where the overall response is PD.
-- @response_day: The last day of the visit, which any other overall response takes.
-- @simplified_response: The same by the simplified rule, which knows no non-targets.
-- @simplified_day: The day that its response takes, by the same two rules.
-- @criterion: The criterion that decided the overall response, with the limits that were used, and a new lesion that
-- is reported and not followed.
WITH complete AS (
    SELECT
        * EXCLUDE (sums_by_day),
        CASE WHEN targets_measured = 'all' THEN target_sum_mm END AS complete_sum_mm
    FROM clinical_step.measured_visit
),

-- "Nadir = smallest complete sum at any earlier time, baseline included, current visit excluded."
followed AS (
    SELECT
        *,
        MAX(CASE WHEN is_baseline THEN complete_sum_mm END) OVER earlier AS baseline_sum_mm,
        MIN(complete_sum_mm) OVER earlier AS nadir_mm,
        COALESCE(
            BOOL_OR(
                NOT is_baseline
                AND complete_sum_mm = 0
                AND non_target_code IN ('CR', 'none')
                AND has_new_lesion IS FALSE
            ) OVER earlier, FALSE
        ) AS has_been_complete,
        -- What was set aside may have been the nadir: it is a bound.
        MIN(open_sum_mm) OVER up_to_now AS nadir_bound_mm
    FROM complete
    WINDOW earlier AS (
        PARTITION BY site_id, patient_id
        ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), up_to_now AS (
        PARTITION BY site_id, patient_id
        ORDER BY day
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),

course AS (
    SELECT * REPLACE (COALESCE(has_been_complete AND baseline_sum_mm > 0, FALSE) AS has_been_complete)
    FROM followed
),

-- Products, never quotients: decimals stay exact, and a binary fraction would miss 42 against a nadir of 35.
compared AS (
    SELECT
        course.*,
        course.targets_measured <> 'not_applicable' AS has_targets,
        course.targets_measured = 'all' AND course.baseline_sum_mm > 0 AS is_evaluable,
        CASE
            -- "Nadir 0: any returning enhancement is PD (percent undefined)"; by option "5 mm, unless overall CR".
            WHEN course.nadir_mm = 0
                THEN
                    course.target_sum_mm > 0
                    AND (course.has_been_complete OR course.target_sum_mm >= response_option.nadir_zero_rise_mm)
            -- "PD: viable sum up >= 20 % against the nadir"; with min_abs_increase_mm also in millimetres.
            ELSE
                course.target_sum_mm * 100 >= course.nadir_mm * (100 + response_option.progression_rise_percent)
                AND course.target_sum_mm - course.nadir_mm >= response_option.min_abs_increase_mm
        END AS has_grown,
        COALESCE(
            course.nadir_bound_mm < course.nadir_mm
            AND course.target_sum_mm > 0
            AND course.target_sum_mm * 100 >= course.nadir_bound_mm * (100 + response_option.progression_rise_percent)
            AND (
                course.nadir_bound_mm = 0
                OR course.target_sum_mm - course.nadir_bound_mm >= response_option.min_abs_increase_mm
            ), FALSE
        ) AS may_have_grown,
        CASE
            WHEN response_option.simplified_growth_reference = 'baseline'
                THEN
                    course.target_sum_mm * 100
                    >= course.baseline_sum_mm * (100 + response_option.progression_rise_percent)
                    AND course.target_sum_mm - course.baseline_sum_mm >= response_option.min_abs_increase_mm
        END AS has_grown_from_baseline,
        -- "PR: viable sum down >= 30 % against baseline."
        course.target_sum_mm * 100 <= course.baseline_sum_mm * (100 - response_option.response_fall_percent)
            AS has_shrunk,
        response_option.pr_kept_until_pd
        AND course.nadir_mm * 100 <= course.baseline_sum_mm * (100 - response_option.response_fall_percent)
            AS is_response_kept
    FROM course
    CROSS JOIN clinical_step.response_option AS response_option
),

-- "Progression takes the earliest proving date": of a visit of one day there is no other.
known_sum AS (
    SELECT
        compared.site_id,
        compared.patient_id,
        compared.day,
        compared.nadir_mm,
        compared.baseline_sum_mm,
        compared.has_been_complete,
        UNNEST(visit.sums_by_day) AS known
    FROM compared
    INNER JOIN clinical_step.measured_visit AS visit
        ON
            compared.site_id = visit.site_id
            AND compared.patient_id = visit.patient_id
            AND compared.day = visit.day
    WHERE compared.day < compared.last_day AND NOT compared.is_baseline
),

growth AS (
    SELECT
        known_sum.site_id,
        known_sum.patient_id,
        known_sum.day,
        MIN(known_sum.known['day']) FILTER (
            WHERE
            CASE
                WHEN known_sum.nadir_mm = 0
                    THEN
                        known_sum.known['sum_mm'] > 0
                        AND (
                            known_sum.has_been_complete
                            OR known_sum.known['sum_mm'] >= response_option.nadir_zero_rise_mm
                        )
                ELSE
                    known_sum.known['sum_mm'] * 100
                    >= known_sum.nadir_mm * (100 + response_option.progression_rise_percent)
                    AND known_sum.known['sum_mm'] - known_sum.nadir_mm >= response_option.min_abs_increase_mm
            END
        ) AS from_nadir_day,
        MIN(known_sum.known['day']) FILTER (
            WHERE
            known_sum.known['sum_mm'] * 100
            >= known_sum.baseline_sum_mm * (100 + response_option.progression_rise_percent)
            AND known_sum.known['sum_mm'] - known_sum.baseline_sum_mm >= response_option.min_abs_increase_mm
            AND response_option.simplified_growth_reference = 'baseline'
        ) AS from_baseline_day
    FROM known_sum
    CROSS JOIN clinical_step.response_option AS response_option
    GROUP BY known_sum.site_id, known_sum.patient_id, known_sum.day
),

target AS (
    SELECT
        *,
        CASE
            WHEN is_baseline OR NOT has_targets THEN NULL
            -- "Missing target: target NE, unless the measured part alone already proves PD."
            WHEN has_grown AND targets_measured IN ('all', 'some') THEN 'PD'
            WHEN may_have_grown AND targets_measured IN ('all', 'some') THEN NULL
            WHEN NOT COALESCE(is_evaluable, FALSE) THEN 'NE'
            -- "CR: no arterial enhancement in any target."
            WHEN are_targets_gone THEN 'CR'
            WHEN has_shrunk OR is_response_kept THEN 'PR'
            ELSE 'SD'
        END AS target_response
    FROM compared
),

wording AS (
    SELECT
        'PD: sum at least ' || RTRIM(RTRIM(CAST(progression_rise_percent AS VARCHAR), '0'), '.') || ' %'
        || CASE
            WHEN min_abs_increase_mm > 0
                THEN ' and ' || RTRIM(RTRIM(CAST(min_abs_increase_mm AS VARCHAR), '0'), '.') || ' mm'
            ELSE ''
        END || ' above the nadir' AS pd_by_targets,
        'PR: sum at least ' || RTRIM(RTRIM(CAST(response_fall_percent AS VARCHAR), '0'), '.')
        || ' % below the baseline, no progression elsewhere' AS pr_by_targets
    FROM clinical_step.response_option
),

response AS (
    SELECT
        target.*,
        -- The table of overall responses, from the top down.
        CASE
            WHEN target.is_baseline THEN NULL
            -- any, also NE | any | new lesion: PD
            WHEN target.has_new_lesion THEN 'PD'
            -- PD | any | any: PD
            WHEN target.target_response = 'PD' THEN 'PD'
            -- any | PD | any: PD
            WHEN target.non_target_code = 'PD' THEN 'PD'
            -- Whatever follows needs to know that there is no new lesion and no growth of non-targets.
            WHEN target.has_new_lesion IS NULL OR target.non_target_code IS NULL THEN NULL
            -- no targets | CR, IR/SD or NE | no: as the non-targets
            WHEN NOT target.has_targets
                THEN CASE WHEN target.non_target_code = 'none' THEN 'NE' ELSE target.non_target_code END
            -- CR | CR or none | no: CR; CR | IR/SD or NE | no: PR
            WHEN target.target_response = 'CR'
                THEN CASE WHEN target.non_target_code IN ('CR', 'none') THEN 'CR' ELSE 'PR' END
            -- NE, PR, SD | not PD, NE included | no: as the targets
            ELSE target.target_response
        END AS overall_response,
        CASE
            WHEN target.is_baseline THEN NULL
            -- Simplified rule: "up >= 20 % or new lesion PD"; a new lesion overrides CR.
            WHEN target.has_new_lesion THEN 'PD'
            WHEN target.has_new_lesion IS NULL THEN NULL
            -- "missing NE"
            WHEN NOT COALESCE(target.is_evaluable, FALSE) THEN 'NE'
            WHEN COALESCE(target.has_grown_from_baseline, target.has_grown) THEN 'PD'
            WHEN target.has_grown_from_baseline IS NULL AND target.may_have_grown THEN NULL
            -- "no arterial enhancement CR; viable portion down >= 30 % PR; else SD"
            WHEN target.are_targets_gone THEN 'CR'
            WHEN target.has_shrunk THEN 'PR'
            ELSE 'SD'
        END AS simplified_response,
        CASE
            WHEN target.is_baseline THEN 'baseline'
            WHEN target.has_new_lesion THEN 'PD: new lesion'
            WHEN target.target_response = 'PD' AND target.nadir_mm = 0 THEN 'PD: disease where it was gone (nadir 0)'
            WHEN target.target_response = 'PD' THEN wording.pd_by_targets
            WHEN target.non_target_code = 'PD' THEN 'PD: unequivocal growth of non-targets'
            WHEN target.has_new_lesion IS NULL THEN 'none: whether there is a new lesion is not known'
            WHEN target.non_target_code IS NULL THEN 'none: the status of non-targets is not known'
            WHEN NOT target.has_targets AND target.non_target_code IN ('none', 'NE')
                THEN 'NE: no targets, and no non-targets that can be read'
            WHEN NOT target.has_targets THEN 'no targets: as the non-targets'
            WHEN target.target_response IS NULL AND target.has_targets
                THEN 'none: an earlier measurement was set aside, and the nadir may lie lower'
            WHEN target.targets_measured <> 'all' THEN 'NE: not every target was measured'
            WHEN target.baseline_sum_mm IS NULL THEN 'NE: no complete baseline'
            WHEN target.baseline_sum_mm = 0 THEN 'NE: nothing viable at the baseline'
            WHEN target.target_response = 'CR' AND target.non_target_code IN ('CR', 'none')
                THEN 'CR: no viable target, no non-target left'
            WHEN target.target_response = 'CR' THEN 'PR: no viable target, but non-targets persist or are not known'
            WHEN target.target_response = 'PR' THEN wording.pr_by_targets
            ELSE 'SD: neither response nor progression'
        END AS criterion
    FROM target
    CROSS JOIN wording
)

SELECT
    response.site_id,
    response.patient_id,
    response.day,
    response.is_baseline,
    response.target_sum_mm,
    response.baseline_sum_mm,
    response.nadir_mm,
    response.target_response,
    response.non_target_code,
    response.has_new_lesion,
    response.overall_response,
    -- "Multi-day visit: PD takes the earliest proving date, response the latest date."
    CASE
        WHEN response.overall_response = 'PD'
            THEN
                LEAST(
                    CASE WHEN response.has_new_lesion THEN response.new_lesion_day END,
                    CASE WHEN response.target_response = 'PD' THEN COALESCE(growth.from_nadir_day, response.day) END,
                    CASE WHEN response.non_target_code = 'PD' THEN response.non_target_pd_day END
                )
    END AS progression_day,
    CASE WHEN response.overall_response <> 'PD' THEN response.last_day END AS response_day,
    response.simplified_response,
    CASE
        WHEN response.simplified_response <> 'PD' THEN response.last_day
        WHEN response.simplified_response = 'PD'
            THEN
                LEAST(
                    CASE WHEN response.has_new_lesion THEN response.new_lesion_day END,
                    CASE
                        WHEN
                            COALESCE(response.has_grown_from_baseline, response.has_grown)
                            AND COALESCE(response.is_evaluable, FALSE)
                            THEN COALESCE(growth.from_baseline_day, growth.from_nadir_day, response.day)
                    END
                )
    END AS simplified_day,
    response.criterion || CASE
        WHEN response.new_lesion_doubt IS NULL THEN ''
        WHEN response.has_new_lesion IS NULL THEN ' (reported, and described as ' || response.new_lesion_doubt || ')'
        ELSE '; the new lesion that is reported is not followed: ' || response.new_lesion_doubt
    END AS criterion
FROM response
LEFT JOIN growth
    ON
        response.site_id = growth.site_id
        AND response.patient_id = growth.patient_id
        AND response.day = growth.day
