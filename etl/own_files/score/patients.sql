-- Rows of the user's file as patients: what is not a laboratory value, typed, or with the reason why it is not read.
-- Reads `cell`, `typed_value` and reference.code; gives one row per row of the file.
WITH coded AS (
    SELECT DISTINCT
        code,
        UNNEST([code, LOWER(label), LOWER(label_ko)]) AS spelling
    FROM reference.code
    WHERE code_list = 'observation_value'
),

typed AS (
    SELECT
        cell._record AS record,
        cell._defect AS defect,
        cell.patient_id,
        cell.ascites,
        CASE WHEN ascites.code IN ('none', 'slight', 'moderate') THEN ascites.code END AS ascites_code,
        cell.encephalopathy,
        -- West Haven grades stand for the classes that the score has.
        CASE PLAIN_NAME(cell.encephalopathy)
            WHEN '0' THEN 'none'
            WHEN '1' THEN 'grade_1_2'
            WHEN '2' THEN 'grade_1_2'
            WHEN '3' THEN 'grade_3_4'
            WHEN '4' THEN 'grade_3_4'
            ELSE CASE
                WHEN encephalopathy.code IN ('none', 'grade_1_2', 'grade_3_4') THEN encephalopathy.code
            END
        END AS encephalopathy_code,
        cell.ecog AS ecog_cell,
        PLAIN_NUMBER(cell.ecog) AS ecog,
        cell.karnofsky AS karnofsky_cell,
        PLAIN_NUMBER(cell.karnofsky) AS karnofsky,
        cell.reported_child_pugh,
        CASE WHEN UPPER(cell.reported_child_pugh) IN ('A', 'B', 'C') THEN UPPER(cell.reported_child_pugh) END
            AS child_pugh_code,
        cell.nodule_count AS count_cell,
        LOWER(TRIM(cell.nodule_count)) = 'multiple' AS is_multiple,
        NULLIF(REGEXP_EXTRACT(TRIM(cell.nodule_count), '^(?:>=|≥|>)?\s*([0-9]{1,3})$', 1), '') AS count_digits,
        REGEXP_EXTRACT(TRIM(cell.nodule_count), '^(>=|≥|>)', 1) AS count_bound,
        cell.largest_diameter_mm AS diameter_cell,
        CASE
            WHEN PLAIN_LENGTH(cell.largest_diameter_mm) <= 400 THEN PLAIN_LENGTH(cell.largest_diameter_mm)
        END AS largest_diameter_mm,
        cell.portal_vein_invasion AS vein_cell,
        'vp' || REGEXP_EXTRACT(LOWER(TRIM(cell.portal_vein_invasion)), '^(?:vp)?([0-4])$', 1) AS vp_code,
        cell.hepatic_vein_invasion AS hepatic_cell,
        YES_NO(cell.hepatic_vein_invasion) AS has_hepatic_vein_invasion,
        cell.extrahepatic_spread AS spread_cell,
        YES_NO(cell.extrahepatic_spread) AS has_spread
    FROM cell
    LEFT JOIN coded AS ascites ON PLAIN_NAME(cell.ascites) = ascites.spelling
    LEFT JOIN coded AS encephalopathy ON PLAIN_NAME(cell.encephalopathy) = encephalopathy.spelling
),

counted AS (
    SELECT
        *,
        CASE
            WHEN is_multiple THEN 'multiple'
            WHEN count_digits IS NULL THEN NULL
            WHEN count_bound = '' THEN 'exact'
            ELSE 'at_least'
        END AS count_qualifier,
        -- More than three are at least four.
        CAST(count_digits AS SMALLINT) + CASE WHEN count_bound = '>' THEN 1 ELSE 0 END AS nodule_count
    FROM typed
),

judged AS (
    SELECT
        *,
        NULLIF(CONCAT_WS('; ', defect, CASE WHEN patient_id IS NULL THEN 'patient_id is empty' END), '')
            AS not_read_because,
        (
            SELECT STRING_AGG(typed_value.fault, '; ' ORDER BY typed_value.value_name DESC)
            FROM typed_value
            WHERE typed_value.record = counted.record
        ) AS value_faults,
        NULLIF(CONCAT_WS(
            '; ',
            CASE
                WHEN ascites IS NOT NULL AND ascites_code IS NULL
                    THEN 'ascites is not one of none, slight, moderate'
            END,
            CASE
                WHEN encephalopathy IS NOT NULL AND encephalopathy_code IS NULL
                    THEN 'encephalopathy is not one of none, grade_1_2, grade_3_4, nor a grade of 0 to 4'
            END,
            CASE WHEN ecog_cell IS NOT NULL AND ecog IS NULL THEN 'ecog is not a number' END,
            CASE WHEN karnofsky_cell IS NOT NULL AND karnofsky IS NULL THEN 'karnofsky is not a number' END,
            CASE
                WHEN reported_child_pugh IS NOT NULL AND child_pugh_code IS NULL
                    THEN 'reported_child_pugh is not one of A, B, C'
            END,
            CASE
                WHEN count_cell IS NOT NULL AND count_qualifier IS NULL
                    THEN 'nodule_count is neither a whole number, nor one with >= or >, nor multiple'
            END,
            CASE
                WHEN diameter_cell IS NOT NULL AND largest_diameter_mm IS NULL
                    THEN 'largest_diameter_mm is not a length from 0 to 400 mm'
            END,
            CASE WHEN vein_cell IS NOT NULL AND vp_code = 'vp' THEN 'portal_vein_invasion is not one of vp0 to vp4' END,
            CASE
                WHEN hepatic_cell IS NOT NULL AND has_hepatic_vein_invasion IS NULL
                    THEN 'hepatic_vein_invasion is neither yes nor no'
            END,
            CASE
                WHEN spread_cell IS NOT NULL AND has_spread IS NULL THEN 'extrahepatic_spread is neither yes nor no'
            END
        ), '') AS cell_faults
    FROM counted
)

SELECT
    record,
    ascites_code,
    encephalopathy_code,
    -- A status beyond what the column holds is none that the rule knows.
    CASE WHEN ecog BETWEEN 0 AND 1000 THEN ecog END AS ecog,
    CASE WHEN karnofsky BETWEEN 0 AND 1000 THEN karnofsky END AS karnofsky,
    child_pugh_code,
    nodule_count,
    count_qualifier,
    largest_diameter_mm,
    NULLIF(vp_code, 'vp') AS vp_code,
    has_hepatic_vein_invasion,
    has_spread,
    not_read_because IS NULL AS is_read,
    NULLIF(CONCAT_WS('; ', not_read_because, value_faults, cell_faults), '') AS reason
FROM judged
