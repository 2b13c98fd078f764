-- What is read off every Kaplan-Meier curve: the median with its limits, survival at the months of study option
-- survival_at_months, and the median follow-up by the reverse Kaplan-Meier.
-- Median: the first day at which survival is at most one half; where it is one half exactly until a later day, the
-- middle of both days (as R has it). Its limits: the days on which the limits of the curve reach one half
-- (Brookmeyer and Crowley).
-- @study_id: The study.
-- @curve: The curve.
-- @stratum: The level of the variable that is compared, or all.
-- @stratum_position: Its place, from 1.
-- @measure: patients, events, median, survival_12, survival_24 ..., or median_follow_up.
-- @unit: patients, months, or share (of 1).
-- @value: The number; empty when the curve does not reach it, see footnote.
-- @low: Lower limit of 95 %; empty when there is none.
-- @high: Upper limit of 95 %; empty when there is none.
-- @footnote: Why there is no number, or who is not in it.
WITH reached AS (
    SELECT
        study_id,
        curve,
        stratum,
        stratum_position,
        estimate_of,
        UNNEST(['value', 'low', 'high']) AS limit_name,
        time_months,
        -- Above one half by less than the rounding of the products counts as one half.
        UNNEST([survival, low, high]) AS share
    FROM analysis_step.survival_step
),

crossing AS (
    SELECT
        study_id,
        curve,
        stratum,
        stratum_position,
        estimate_of,
        limit_name,
        MIN(time_months) FILTER (WHERE share <= 0.5 + 1e-9) AS first_at,
        -- Of a curve that ends in 0, its limits are unknown from there on, and reach nothing.
        MIN(time_months) FILTER (WHERE share < 0.5 - 1e-9) AS first_below,
        BOOL_OR(ABS(share - 0.5) <= 1e-9) AS meets_one_half
    FROM reached
    GROUP BY study_id, curve, stratum, stratum_position, estimate_of, limit_name
),

half_time AS (
    SELECT
        *,
        CASE
            WHEN meets_one_half AND first_below IS NOT NULL THEN (first_at + first_below) / 2
            ELSE first_at
        END AS half_month
    FROM crossing
),

stratum_of_curve AS (
    SELECT
        curve.study_id,
        curve.curve,
        COALESCE(study_level.level, 'all') AS stratum,
        COALESCE(study_level.position, 1) AS stratum_position
    FROM reference.study_curve AS curve
    LEFT JOIN reference.study_level AS study_level
        ON
            curve.study_id = study_level.study_id
            AND curve.by_variable = study_level.variable
),

patient_count AS (
    SELECT
        stratum_of_curve.study_id,
        stratum_of_curve.curve,
        stratum_of_curve.stratum,
        stratum_of_curve.stratum_position,
        COUNT(patient.patient_id) AS patients,
        COUNT(*) FILTER (WHERE patient.is_event AND patient.time_days IS NOT NULL) AS events,
        MAX(patient.time_days) FILTER (WHERE patient.is_event IS NOT NULL) AS last_day,
        COUNT(patient.patient_id) FILTER (WHERE patient.is_event IS NULL OR patient.time_days IS NULL) AS without_end
    FROM stratum_of_curve
    LEFT JOIN analysis_step.study_time AS patient
        ON
            stratum_of_curve.study_id = patient.study_id
            AND stratum_of_curve.curve = patient.curve
            AND stratum_of_curve.stratum = patient.stratum
    GROUP BY
        stratum_of_curve.study_id,
        stratum_of_curve.curve,
        stratum_of_curve.stratum,
        stratum_of_curve.stratum_position
),

asked_estimate AS (
    SELECT UNNEST(['event', 'follow_up']) AS estimate_of
),

median_time AS (
    SELECT
        patient_count.study_id,
        patient_count.curve,
        patient_count.stratum,
        patient_count.stratum_position,
        asked.estimate_of,
        patient_count.last_day IS NOT NULL AS has_curve,
        MAX(half_time.half_month) FILTER (WHERE half_time.limit_name = 'value') AS value,
        MAX(half_time.half_month) FILTER (WHERE half_time.limit_name = 'low') AS low,
        MAX(half_time.half_month) FILTER (WHERE half_time.limit_name = 'high') AS high
    FROM patient_count
    CROSS JOIN asked_estimate AS asked
    LEFT JOIN half_time
        ON
            patient_count.study_id = half_time.study_id
            AND patient_count.curve = half_time.curve
            AND patient_count.stratum = half_time.stratum
            AND asked.estimate_of = half_time.estimate_of
    GROUP BY
        patient_count.study_id,
        patient_count.curve,
        patient_count.stratum,
        patient_count.stratum_position,
        asked.estimate_of,
        patient_count.last_day
),

asked_month AS (
    SELECT
        UNNEST(survival_months) AS month,
        days_per_month
    FROM clinical_step.study_number
),

at_month AS (
    SELECT
        patient_count.study_id,
        patient_count.curve,
        patient_count.stratum,
        patient_count.stratum_position,
        asked_month.month,
        step.survival,
        step.low,
        step.high,
        patient_count.last_day IS NOT NULL AS has_curve,
        COALESCE(patient_count.last_day >= asked_month.month * asked_month.days_per_month, FALSE) AS is_observed,
        COALESCE(step.survival = 0, FALSE) AS is_over
    FROM patient_count
    CROSS JOIN asked_month
    LEFT JOIN analysis_step.survival_step AS step
        ON
            patient_count.study_id = step.study_id
            AND patient_count.curve = step.curve
            AND patient_count.stratum = step.stratum
            AND step.estimate_of = 'event'
            AND asked_month.month * asked_month.days_per_month >= step.time_days
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY
            patient_count.study_id, patient_count.curve, patient_count.stratum, asked_month.month
        ORDER BY step.time_days DESC NULLS LAST
    ) = 1
)

SELECT
    study_id,
    curve,
    stratum,
    stratum_position,
    UNNEST(['patients', 'events']) AS measure,
    'patients' AS unit,
    CAST(UNNEST([patients, events]) AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS low,
    CAST(NULL AS DOUBLE) AS high,
    UNNEST(
        [
            CASE WHEN without_end > 0 THEN without_end || ' of them without a known end, left out of the curve' END,
            NULL
        ]
    ) AS footnote
FROM patient_count
UNION ALL
SELECT
    study_id,
    curve,
    stratum,
    stratum_position,
    CASE estimate_of WHEN 'event' THEN 'median' ELSE 'median_follow_up' END AS measure,
    'months' AS unit,
    value,
    low,
    high,
    CASE
        WHEN NOT has_curve THEN 'no patient with a known end'
        WHEN value IS NULL THEN 'not reached'
        WHEN high IS NULL THEN 'upper limit not reached'
    END AS footnote
FROM median_time
UNION ALL
SELECT
    study_id,
    curve,
    stratum,
    stratum_position,
    'survival_' || FORMAT('{:g}', CAST(month AS DOUBLE)) AS measure,
    'share' AS unit,
    CASE WHEN is_observed OR is_over THEN COALESCE(survival, 1.0) END AS value,
    CASE WHEN is_observed OR is_over THEN COALESCE(low, CASE WHEN survival IS NULL THEN 1.0 END) END AS low,
    CASE WHEN is_observed OR is_over THEN COALESCE(high, CASE WHEN survival IS NULL THEN 1.0 END) END AS high,
    CASE
        WHEN NOT has_curve THEN 'no patient with a known end'
        WHEN NOT is_observed AND NOT is_over THEN 'nobody was followed so long'
    END AS footnote
FROM at_month
