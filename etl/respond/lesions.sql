-- Rows of the user's file as lesions at visits: each typed, or with the reason why it is not read.
-- Reads `cell` and reference.code; gives one row per row of the file.
WITH known AS (
    SELECT
        LIST(code ORDER BY position) FILTER (WHERE code_list = 'organ') || ['porta_hepatis'] AS organs,
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
        CASE
            WHEN REGEXP_FULL_MATCH(day, '[+-]?[0-9]{1,6}([.]0+)?') THEN CAST(CAST(day AS DECIMAL(9, 1)) AS BIGINT)
            WHEN day IS NULL AND REGEXP_FULL_MATCH(visit_date, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
                THEN CAST(TRY_STRPTIME(visit_date, '%Y-%m-%d') AS DATE) - DATE '1970-01-01'
        END AS day,
        REPLACE(LOWER(organ), ' ', '_') AS organ_code,
        is_node IS NOT NULL AS has_is_node,
        CASE
            WHEN LOWER(is_node) IN ('yes', 'y', 'true', '1') THEN TRUE
            WHEN LOWER(is_node) IN ('no', 'n', 'false', '0') THEN FALSE
        END AS is_node,
        viable_diameter_mm AS viable_text,
        whole_diameter_mm AS whole_text,
        short_axis_mm AS axis_text,
        CASE
            WHEN REGEXP_FULL_MATCH(viable_diameter_mm, '[0-9]{1,3}([.][0-9]{1,6})?')
                THEN CAST(viable_diameter_mm AS DECIMAL(18, 6))
        END AS viable_diameter_mm,
        CASE
            WHEN REGEXP_FULL_MATCH(whole_diameter_mm, '[0-9]{1,3}([.][0-9]{1,6})?')
                THEN CAST(whole_diameter_mm AS DECIMAL(18, 6))
        END AS whole_diameter_mm,
        CASE
            WHEN REGEXP_FULL_MATCH(short_axis_mm, '[0-9]{1,3}([.][0-9]{1,6})?')
                THEN CAST(short_axis_mm AS DECIMAL(18, 6))
        END AS short_axis_mm,
        REPLACE(LOWER(enhancement), ' ', '_') AS enhancement_code,
        LOWER(pattern) AS pattern_code,
        REPLACE(REPLACE(LOWER(role), ' ', '_'), '-', '_') AS role_code,
        COALESCE(LOWER(arterial_phase) NOT IN ('no', 'n', 'false', '0'), TRUE) AS can_measure_viable,
        REPLACE(UPPER(non_target), ' ', '') AS non_target_text,
        LOWER(new_lesion) AS new_lesion_text,
        COALESCE(LOWER(treated_before) IN ('yes', 'y', 'true', '1'), FALSE) AS is_treated_before
    FROM cell
),

of_patient AS (
    SELECT
        *,
        ARG_MIN(day, record) FILTER (WHERE says_baseline) OVER (PARTITION BY patient_id) AS baseline_day
    FROM typed
),

judged AS (
    SELECT
        given.*,
        NULLIF(CONCAT_WS(
            '; ',
            given.defect,
            CASE WHEN given.patient_id IS NULL THEN 'patient_id is empty' END,
            CASE WHEN given.lesion_id IS NULL THEN 'lesion_id is empty' END,
            CASE WHEN given.day IS NULL THEN 'the day is neither a whole number of days nor a date like 2010-03-05' END,
            CASE
                WHEN NOT COALESCE(LIST_CONTAINS(known.organs, given.organ_code), FALSE)
                    THEN 'organ is not one of ' || ARRAY_TO_STRING(known.organs, ', ')
            END,
            CASE WHEN given.has_is_node AND given.is_node IS NULL THEN 'is_node is neither yes nor no' END,
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
            CASE
                WHEN given.new_lesion_text NOT IN ('yes', 'y', 'true', '1', 'no', 'n', 'false', '0')
                    THEN 'new_lesion is neither yes nor no'
            END,
            CASE
                WHEN given.says_baseline AND given.day <> given.baseline_day
                    THEN 'a second baseline; the first one counts'
                WHEN NOT COALESCE(given.says_baseline, FALSE) AND given.day <= given.baseline_day
                    THEN 'not after the baseline'
            END
        ), '') AS not_read_because,
        NULLIF(CONCAT_WS(
            '; ',
            CASE
                WHEN given.viable_diameter_mm > given.whole_diameter_mm
                    THEN 'the viable part is longer than the whole'
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
            PARTITION BY patient_id, day, lesion_id, not_read_because IS NULL ORDER BY record
        ) AS place_of_lesion
    FROM judged
)

SELECT
    record,
    patient_id,
    day,
    COALESCE(day = baseline_day, FALSE) AS is_baseline,
    lesion_id AS lesion_label,
    organ_code,
    role_code,
    COALESCE(is_node, organ_code IN ('lymph_node', 'porta_hepatis'), FALSE) AS is_node,
    viable_diameter_mm,
    whole_diameter_mm,
    short_axis_mm,
    enhancement_code,
    pattern_code,
    is_treated_before,
    can_measure_viable,
    CASE non_target_text WHEN 'NONE' THEN 'none' WHEN 'NON-CR/NON-PD' THEN 'IR/SD' ELSE non_target_text END
        AS non_target_code,
    new_lesion_text IN ('yes', 'y', 'true', '1') AS has_new_lesion,
    not_read_because IS NULL AND place_of_lesion = 1 AS is_read,
    NULLIF(CONCAT_WS(
        '; ',
        not_read_because,
        CASE
            WHEN not_read_because IS NULL AND place_of_lesion > 1
                THEN 'a second row of this lesion on this day; the first one counts'
        END,
        remark
    ), '') AS reason
FROM placed
