-- Rows of the user's file as lesions at visits: each typed, or with the reason why it is not read.
-- Reads `cell`, reference.code and clinical_step.response_option; gives one row per row of the file.
-- The last day marked as baseline stands for the index date: days are counted from it. Where no row is marked, every
-- visit comes after a baseline that is not there.
WITH known AS (
    SELECT
        LIST(code ORDER BY position) FILTER (WHERE code_list = 'organ') AS organs,
        LIST(code ORDER BY position) FILTER (WHERE code_list = 'enhancement') AS enhancements,
        LIST(code ORDER BY position) FILTER (WHERE code_list = 'lesion_pattern') AS patterns,
        LIST(code ORDER BY position) FILTER (WHERE code_list = 'lesion_role') AS lesion_roles
    FROM reference.code
),

typed AS (
    SELECT
        _record AS record,
        _defect AS defect,
        patient_id,
        lesion_id,
        LOWER(visit) = 'baseline' AS says_baseline,
        CASE WHEN day IS NULL THEN PLAIN_DATE(visit_date) - DATE '1970-01-01' ELSE PLAIN_DAY(day) END AS given_day,
        day IS NULL AS is_dated,
        REPLACE(LOWER(organ), ' ', '_') AS organ_code,
        YES_NO(is_node) AS is_node,
        IS_WRONG_YES_NO(is_node) AS is_node_unreadable,
        viable_diameter_mm AS viable_text,
        whole_diameter_mm AS whole_text,
        short_axis_mm AS axis_text,
        CAST(PLAIN_LENGTH(viable_diameter_mm) AS DECIMAL(18, 6)) AS viable_diameter_mm,
        CAST(PLAIN_LENGTH(whole_diameter_mm) AS DECIMAL(18, 6)) AS whole_diameter_mm,
        CAST(PLAIN_LENGTH(short_axis_mm) AS DECIMAL(18, 6)) AS short_axis_mm,
        REPLACE(LOWER(enhancement), ' ', '_') AS enhancement_code,
        LOWER(pattern) AS pattern_code,
        REPLACE(REPLACE(LOWER(role), ' ', '_'), '-', '_') AS role_code,
        COALESCE(YES_NO(arterial_phase), TRUE) AS can_measure_viable,
        IS_WRONG_YES_NO(arterial_phase) AS is_phase_unreadable,
        REPLACE(UPPER(non_target), ' ', '') AS non_target_text,
        YES_NO(new_lesion) AS has_new_lesion,
        IS_WRONG_YES_NO(new_lesion) AS is_new_unreadable,
        COALESCE(YES_NO(treated_before), FALSE) AS is_treated_before,
        IS_WRONG_YES_NO(treated_before) AS is_treated_unreadable,
        YES_NO(malignant_cells) AS has_malignant_cells,
        IS_WRONG_YES_NO(malignant_cells) AS are_cells_unreadable
    FROM cell
),

first_marked AS (
    SELECT
        *,
        MIN(given_day) FILTER (WHERE says_baseline) OVER (PARTITION BY patient_id) AS first_baseline_day,
        MIN(given_day) OVER (PARTITION BY patient_id) AS first_day
    FROM typed
),

-- "Chest CT and liver MRI some days apart are one assessment": several days are one baseline within its window.
of_patient AS (
    SELECT
        first_marked.*,
        response_option.baseline_window_days,
        MAX(first_marked.given_day) FILTER (
            WHERE
            first_marked.says_baseline
            AND first_marked.given_day <= first_marked.first_baseline_day + response_option.baseline_window_days
        ) OVER (PARTITION BY first_marked.patient_id) AS baseline_day
    FROM first_marked
    CROSS JOIN clinical_step.response_option AS response_option
),

judged AS (
    SELECT
        given.*,
        NULLIF(CONCAT_WS(
            '; ',
            given.defect,
            CASE WHEN given.patient_id IS NULL THEN 'patient_id is empty' END,
            CASE WHEN given.lesion_id IS NULL THEN 'lesion_id is empty' END,
            CASE
                WHEN given.given_day IS NULL
                    THEN 'the day is neither a whole number of days nor a date like 2010-03-05'
            END,
            CASE
                WHEN NOT COALESCE(LIST_CONTAINS(known.organs, given.organ_code), FALSE)
                    THEN 'organ is not one of ' || ARRAY_TO_STRING(known.organs, ', ')
            END,
            CASE WHEN given.is_node_unreadable THEN 'is_node is neither yes nor no' END,
            CASE
                WHEN given.viable_text IS NOT NULL AND COALESCE(given.viable_diameter_mm > 400, TRUE)
                    THEN 'viable_diameter_mm is not a length from 0 to 400 mm'
            END,
            CASE
                WHEN given.whole_text IS NOT NULL AND COALESCE(given.whole_diameter_mm > 400, TRUE)
                    THEN 'whole_diameter_mm is not a length from 0 to 400 mm'
            END,
            CASE
                WHEN given.axis_text IS NOT NULL AND COALESCE(given.short_axis_mm > 200, TRUE)
                    THEN 'short_axis_mm is not a length from 0 to 200 mm'
            END,
            CASE
                WHEN NOT LIST_CONTAINS(known.enhancements, given.enhancement_code)
                    THEN 'enhancement is not one of ' || ARRAY_TO_STRING(known.enhancements, ', ')
            END,
            CASE
                WHEN NOT LIST_CONTAINS(known.patterns, given.pattern_code)
                    THEN 'pattern is not one of ' || ARRAY_TO_STRING(known.patterns, ', ')
            END,
            CASE
                WHEN NOT LIST_CONTAINS(known.lesion_roles, given.role_code)
                    THEN 'role is not one of ' || ARRAY_TO_STRING(known.lesion_roles, ', ')
            END,
            CASE
                WHEN given.non_target_text NOT IN ('NONE', 'CR', 'IR/SD', 'NON-CR/NON-PD', 'PD', 'NE')
                    THEN 'non_target is not one of none, CR, IR/SD, PD, NE'
            END,
            CASE WHEN given.is_new_unreadable THEN 'new_lesion is neither yes nor no' END,
            CASE WHEN given.is_phase_unreadable THEN 'arterial_phase is neither yes nor no' END,
            CASE WHEN given.is_treated_unreadable THEN 'treated_before is neither yes nor no' END,
            CASE WHEN given.are_cells_unreadable THEN 'malignant_cells is neither yes nor no' END,
            CASE
                WHEN given.says_baseline AND given.given_day > given.baseline_day
                    THEN
                        'a second baseline, more than ' || given.baseline_window_days
                        || ' days after the first (baseline_window_days); the first one counts'
                WHEN NOT COALESCE(given.says_baseline, FALSE) AND given.given_day <= given.baseline_day
                    THEN 'not after the baseline'
            END
        ), '') AS not_read_because,
        COALESCE(
            CASE
                WHEN given.says_baseline THEN given.given_day > given.baseline_day
                ELSE given.given_day <= given.baseline_day
            END, FALSE
        ) AS is_out_of_course,
        NULLIF(CONCAT_WS(
            '; ',
            CASE
                WHEN given.viable_diameter_mm > given.whole_diameter_mm
                    THEN 'the viable part is longer than the whole'
            END,
            CASE
                WHEN given.organ_code = 'liver' AND given.enhancement_code = 'none' AND given.viable_diameter_mm > 0
                    THEN 'enhancement is none, so the viable part counts as 0'
            END,
            CASE WHEN given.baseline_day IS NULL THEN 'the patient has no row with visit = baseline' END
        ), '') AS remark
    FROM of_patient AS given
    CROSS JOIN known
),

placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, given_day, lesion_id, not_read_because IS NULL ORDER BY record
        ) AS place_of_lesion,
        -- L01 and l1 are two names, and most likely one lesion.
        REGEXP_REPLACE(LOWER(lesion_id), '(^|[^0-9])0+([0-9])', '\1\2', 'g') AS loose_name
    FROM judged
),

at_baseline AS (
    SELECT
        patient_id,
        lesion_id,
        loose_name,
        ARG_MAX(organ_code, given_day) AS organ_code
    FROM placed
    WHERE given_day <= baseline_day AND not_read_because IS NULL AND place_of_lesion = 1
    GROUP BY patient_id, lesion_id, loose_name
),

loosely_at_baseline AS (
    SELECT DISTINCT
        patient_id,
        loose_name
    FROM at_baseline
)

SELECT
    placed.record,
    placed.patient_id,
    placed.given_day - COALESCE(placed.baseline_day, placed.first_day - 1) AS day,
    COALESCE(placed.baseline_day, placed.first_day - 1) AS day_0,
    placed.is_dated,
    placed.lesion_id AS lesion_label,
    placed.organ_code,
    placed.role_code,
    COALESCE(placed.is_node, placed.organ_code IN ('lymph_node', 'porta_hepatis'), FALSE) AS is_node,
    placed.viable_diameter_mm,
    placed.whole_diameter_mm,
    placed.short_axis_mm,
    placed.enhancement_code,
    placed.pattern_code,
    placed.is_treated_before,
    placed.has_malignant_cells,
    placed.can_measure_viable,
    CASE placed.non_target_text
        WHEN 'NONE' THEN 'none'
        WHEN 'NON-CR/NON-PD' THEN 'IR/SD'
        ELSE placed.non_target_text
    END AS non_target_code,
    placed.has_new_lesion,
    placed.not_read_because IS NULL AND placed.place_of_lesion = 1 AS is_read,
    COALESCE(placed.says_baseline, FALSE) AS says_baseline,
    placed.not_read_because IS NOT NULL AND NOT placed.is_out_of_course AS may_say_more,
    NULLIF(CONCAT_WS(
        '; ',
        placed.not_read_because,
        CASE
            WHEN placed.not_read_because IS NULL AND placed.place_of_lesion > 1
                THEN 'a second row of this lesion on this day; the first one counts'
        END,
        placed.remark,
        CASE
            WHEN placed.baseline_day IS NULL OR COALESCE(placed.given_day <= placed.baseline_day, TRUE) THEN NULL
            WHEN at_baseline.lesion_id IS NOT NULL AND placed.organ_code <> at_baseline.organ_code
                THEN 'the organ differs from that at the baseline'
            WHEN at_baseline.lesion_id IS NOT NULL THEN NULL
            WHEN loosely_at_baseline.loose_name IS NOT NULL
                THEN 'lesion_id differs from one at the baseline in case or leading zeros alone; it is another lesion'
            WHEN placed.role_code IN ('target', 'non_target')
                THEN 'the baseline has no such ' || placed.role_code || '; the row counts for nothing'
        END
    ), '') AS reason
FROM placed
LEFT JOIN at_baseline
    ON
        placed.patient_id = at_baseline.patient_id
        AND placed.lesion_id = at_baseline.lesion_id
LEFT JOIN loosely_at_baseline
    ON
        placed.patient_id = loosely_at_baseline.patient_id
        AND placed.loose_name = loosely_at_baseline.loose_name
