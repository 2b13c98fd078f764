-- Rows of the user's file as visits: each typed, or with the reason why it is not read.
-- Reads `cell` and clinical_step.response_option; gives one row per row of the file.
WITH typed AS (
    SELECT
        _record AS record,
        _defect AS defect,
        patient_id,
        LOWER(visit) = 'baseline' AS says_baseline,
        CASE WHEN day IS NULL THEN PLAIN_DATE(visit_date) - DATE '1970-01-01' ELSE PLAIN_DAY(day) END AS day,
        target_sum_mm IS NOT NULL AS has_sum,
        PLAIN_LENGTH(target_sum_mm) AS target_sum_mm,
        REPLACE(LOWER(targets_measured), ' ', '_') AS targets_measured,
        non_target IS NOT NULL AS has_non_target,
        CASE REPLACE(UPPER(non_target), ' ', '')
            WHEN 'NONE' THEN 'none'
            WHEN 'CR' THEN 'CR'
            WHEN 'IR/SD' THEN 'IR/SD'
            WHEN 'NON-CR/NON-PD' THEN 'IR/SD'
            WHEN 'PD' THEN 'PD'
            WHEN 'NE' THEN 'NE'
        END AS non_target_code,
        new_lesion IS NOT NULL AS has_new_lesion_cell,
        YES_NO(new_lesion) AS has_new_lesion,
        YES_NO(targets_gone) AS says_gone,
        IS_WRONG_YES_NO(targets_gone) AS is_gone_unreadable
    FROM cell
),

of_patient AS (
    SELECT
        *,
        MIN(record) FILTER (WHERE says_baseline) OVER (PARTITION BY patient_id) AS baseline_record,
        ARG_MIN(day, record) FILTER (WHERE says_baseline) OVER (PARTITION BY patient_id) AS baseline_day,
        ARG_MIN(targets_measured, record) FILTER (WHERE says_baseline) OVER (PARTITION BY patient_id)
            AS baseline_targets,
        -- "If nodes are targets, CR needs every node < 10 mm short axis"; all nodes are one organ, so they are few.
        target_sum_mm >= (
            SELECT response_option.node_normal_below_mm * response_option.target_lesions_per_organ
            FROM clinical_step.response_option AS response_option
        ) AS is_more_than_nodes_leave
    FROM typed
),

judged AS (
    SELECT
        *,
        COALESCE(record = baseline_record, FALSE) AS is_baseline,
        NULLIF(CONCAT_WS(
            '; ',
            defect,
            CASE WHEN patient_id IS NULL THEN 'patient_id is empty' END,
            CASE WHEN day IS NULL THEN 'the day is neither a whole number of days nor a date like 2010-03-05' END,
            CASE
                WHEN targets_measured IS NULL OR targets_measured NOT IN ('all', 'some', 'none', 'not_applicable')
                    THEN 'targets_measured is not one of all, some, none, not_applicable'
            END,
            CASE
                WHEN has_sum AND target_sum_mm IS NULL
                    THEN 'target_sum_mm is not a length from 0 to 2000 mm with at most six decimals'
                WHEN target_sum_mm > 2000 THEN 'target_sum_mm is above 2000 mm'
                WHEN NOT has_sum AND targets_measured = 'all'
                    THEN 'target_sum_mm is empty, although all targets were measured'
                WHEN target_sum_mm > 0 AND targets_measured = 'not_applicable'
                    THEN 'target_sum_mm is given, although there are no targets'
            END,
            CASE
                WHEN record > baseline_record AND says_baseline THEN 'a second baseline; the first one counts'
                WHEN record <> baseline_record AND day <= baseline_day THEN 'not after the baseline'
            END,
            CASE
                WHEN
                    record <> baseline_record
                    AND (targets_measured = 'not_applicable') <> (baseline_targets = 'not_applicable')
                    THEN 'targets at the baseline and at this visit contradict each other (not_applicable)'
            END,
            CASE WHEN is_gone_unreadable THEN 'targets_gone is neither yes nor no' END
        ), '') AS not_read_because,
        NULLIF(CONCAT_WS(
            '; ',
            CASE
                WHEN target_sum_mm > 0 AND targets_measured = 'none'
                    THEN 'target_sum_mm is not used, because no target was measured'
            END,
            CASE
                WHEN NOT COALESCE(record = baseline_record, FALSE) AND non_target_code IS NULL
                    THEN
                        CASE
                            WHEN has_non_target THEN 'non_target is not one of none, CR, IR/SD, PD, NE'
                            ELSE 'non_target is empty; expected one of none, CR, IR/SD, PD, NE'
                        END
            END,
            CASE
                WHEN NOT COALESCE(record = baseline_record, FALSE) AND has_new_lesion IS NULL
                    THEN
                        CASE
                            WHEN has_new_lesion_cell THEN 'new_lesion is neither yes nor no'
                            ELSE 'new_lesion is empty; expected yes or no'
                        END
            END,
            CASE
                WHEN says_gone AND targets_measured <> 'all'
                    THEN 'targets_gone is not used, because not every target was measured'
                WHEN says_gone AND is_more_than_nodes_leave
                    THEN 'targets_gone is not used, because normal nodes cannot leave such a sum'
            END,
            CASE WHEN baseline_record IS NULL THEN 'the patient has no row with visit = baseline' END
        ), '') AS remark
    FROM of_patient
)

SELECT
    record,
    patient_id,
    day,
    is_baseline,
    CASE WHEN targets_measured IN ('all', 'some') THEN target_sum_mm END AS target_sum_mm,
    targets_measured,
    -- Without a word on it, targets are gone when nothing of them is left.
    COALESCE(targets_measured = 'all' AND (target_sum_mm = 0 OR (says_gone AND NOT is_more_than_nodes_leave)), FALSE)
        AS are_targets_gone,
    non_target_code,
    has_new_lesion,
    not_read_because IS NULL AS is_read,
    NULLIF(CONCAT_WS('; ', not_read_because, remark), '') AS reason
FROM judged
