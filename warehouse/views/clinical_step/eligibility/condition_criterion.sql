-- Eligibility by other diseases: a serious condition, another cancer.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @criterion: no_serious_condition or no_other_cancer.
-- @verdict: met, not_met or unknown.
-- @evidence: What shows it, with its date.
WITH cancer AS (
    SELECT
        history.site_id,
        history.patient_id,
        history.is_present,
        COALESCE(history.cancer_site_code, 'a cancer of unknown site')
        || COALESCE(', cured on ' || history.cured_on, '')
            AS described,
        -- "Except the in-situ and superficial ones listed": of the cervix, the skin (basal cell), the bladder.
        CASE
            WHEN site_kind.kind = 'superficial' THEN TRUE
            WHEN site_kind.kind = 'in_situ_excepted' THEN history.is_in_situ
            WHEN site_kind.kind = 'counted' THEN FALSE
        END AS is_allowed,
        index_date.index_date,
        history.cured_on AS earliest_cure,
        -- A partial date holds its first day.
        CASE history.cured_on_precision
            WHEN 'month' THEN LAST_DAY(history.cured_on)
            WHEN 'year' THEN CAST(history.cured_on + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
            ELSE history.cured_on
        END AS latest_cure
    FROM current.medical_history AS history
    INNER JOIN clinical.index_date AS index_date
        ON
            history.site_id = index_date.site_id
            AND history.patient_id = index_date.patient_id
    LEFT JOIN reference.cancer_site_kind AS site_kind ON history.cancer_site_code = site_kind.cancer_site_code
    WHERE history.condition_code = 'other_cancer' AND history.is_present IS DISTINCT FROM FALSE
),

-- Study option other_cancer_cured_years: "the paper prints *less* than three years before enrolment; default as
-- printed, option at least three years". Three years are 1095.75 days. What was never cured is not cured in time.
cure AS (
    SELECT
        cancer.*,
        CASE
            WHEN cancer.earliest_cure IS NULL THEN FALSE
            WHEN eligibility_option.other_cancer_cured_years = 'at_least_3'
                THEN CASE
                    WHEN cancer.index_date - cancer.latest_cure >= 1095.75 THEN TRUE
                    WHEN cancer.index_date - cancer.earliest_cure < 1095.75 THEN FALSE
                END
            WHEN
                cancer.latest_cure <= cancer.index_date AND cancer.index_date - cancer.earliest_cure < 1095.75
                THEN TRUE
            WHEN
                cancer.earliest_cure > cancer.index_date OR cancer.index_date - cancer.latest_cure >= 1095.75
                THEN FALSE
        END AS is_cured_in_time
    FROM cancer
    CROSS JOIN clinical_step.eligibility_option AS eligibility_option
),

judged_cancer AS (
    SELECT
        *,
        CASE
            WHEN is_allowed OR is_cured_in_time THEN 'met'
            WHEN is_allowed IS NULL OR is_cured_in_time IS NULL OR is_present IS NULL THEN 'unknown'
            ELSE 'not_met'
        END AS verdict
    FROM cure
),

other_cancer AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(verdict = 'not_met') AS is_excluded,
        BOOL_OR(verdict = 'unknown') AS is_doubtful,
        STRING_AGG(described, '; ' ORDER BY described) AS described
    FROM judged_cancer
    GROUP BY site_id, patient_id
),

-- A condition that was set aside leaves open that there is none; a cure that was, that the cancer was cured in time.
doubt AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(column_name IS DISTINCT FROM 'cured_on' AND COALESCE(condition_code = 'serious_comorbidity', TRUE))
            AS is_serious_open,
        BOOL_OR(COALESCE(condition_code = 'other_cancer', TRUE)) AS is_cancer_open,
        BOOL_OR(column_name = 'cured_on') AS is_cure_open
    FROM clinical_step.possible_condition
    GROUP BY site_id, patient_id
),

serious_condition AS (
    SELECT
        site_id,
        patient_id,
        BOOL_OR(is_present) AS is_present,
        BOOL_OR(is_present IS NULL) AS is_doubtful,
        MIN(started_on) FILTER (WHERE is_present) AS started_on
    FROM current.medical_history
    WHERE condition_code = 'serious_comorbidity'
    GROUP BY site_id, patient_id
)

SELECT
    patient.site_id,
    patient.patient_id,
    'no_serious_condition' AS criterion,
    -- "A serious condition whose drugs warn against co-administration"
    CASE
        WHEN serious_condition.is_present THEN 'not_met'
        WHEN serious_condition.is_doubtful OR doubt.is_serious_open THEN 'unknown'
        ELSE 'met'
    END AS verdict,
    CASE
        WHEN serious_condition.is_present
            THEN 'serious condition recorded' || COALESCE(' from ' || serious_condition.started_on, '')
        WHEN serious_condition.is_doubtful THEN 'serious condition recorded, present or not is unknown'
        WHEN doubt.is_serious_open THEN 'a condition was set aside that may be one'
        WHEN serious_condition.patient_id IS NOT NULL THEN 'recorded as absent'
        ELSE 'none recorded'
    END AS evidence
FROM current.patient AS patient
LEFT JOIN serious_condition
    ON
        patient.site_id = serious_condition.site_id
        AND patient.patient_id = serious_condition.patient_id
LEFT JOIN doubt
    ON
        patient.site_id = doubt.site_id
        AND patient.patient_id = doubt.patient_id
UNION ALL
SELECT
    index_date.site_id,
    index_date.patient_id,
    'no_other_cancer' AS criterion,
    CASE
        WHEN index_date.index_date IS NULL THEN 'unknown'
        WHEN other_cancer.is_excluded AND NOT COALESCE(doubt.is_cure_open, FALSE) THEN 'not_met'
        WHEN other_cancer.is_excluded OR other_cancer.is_doubtful OR doubt.is_cancer_open THEN 'unknown'
        ELSE 'met'
    END AS verdict,
    CASE
        WHEN index_date.index_date IS NULL THEN 'no index date'
        ELSE
            CONCAT_WS(
                '; ',
                COALESCE(other_cancer.described, 'none recorded'),
                CASE WHEN doubt.is_cancer_open THEN 'a condition was set aside that may be one' END
            )
    END AS evidence
FROM clinical.index_date AS index_date
LEFT JOIN other_cancer
    ON
        index_date.site_id = other_cancer.site_id
        AND index_date.patient_id = other_cancer.patient_id
LEFT JOIN doubt
    ON
        index_date.site_id = doubt.site_id
        AND index_date.patient_id = doubt.patient_id
