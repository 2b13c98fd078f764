-- Kaplan-Meier estimates, step by step: of the event, and of being followed (the same with event and censoring
-- exchanged, the reverse Kaplan-Meier). Of those who leave on one day, all are at risk on it: what is estimated comes
-- first, in the reverse estimate the censoring.
-- @study_id: The study.
-- @curve: The curve.
-- @stratum: The level of the variable that is compared, or all.
-- @stratum_position: Its place, from 1.
-- @estimate_of: event, or follow_up (the reverse estimate).
-- @time_days: Days from time zero to the step.
-- @time_months: The same in months (study option days_per_month).
-- @at_risk: Patients without event or censoring just before.
-- @events: Events on the day.
-- @censored: Patients censored on the day.
-- @survival: Share without the event after the day.
-- @std_error: Its standard error by Greenwood; empty when the share is 0.
-- @low: Lower limit of 95 % (study option survival_interval); empty when the share is 0, of log_log also when it is 1.
-- @high: Upper limit of 95 %.
WITH counted AS (
    SELECT
        study_id,
        curve,
        stratum,
        stratum_position,
        UNNEST(['event', 'follow_up']) AS estimate_of,
        time_days,
        UNNEST([COUNT(*) FILTER (WHERE is_event), COUNT(*) FILTER (WHERE NOT is_event)]) AS events,
        UNNEST([COUNT(*) FILTER (WHERE NOT is_event), COUNT(*) FILTER (WHERE is_event)]) AS censored,
        COUNT(*) AS leaving
    FROM analysis_step.study_time
    WHERE is_event IS NOT NULL AND time_days IS NOT NULL
    GROUP BY study_id, curve, stratum, stratum_position, time_days
),

at_risk AS (
    SELECT
        *,
        SUM(leaving) OVER later_days AS at_risk
    FROM counted
    WINDOW later_days AS (
        PARTITION BY study_id, curve, stratum, estimate_of ORDER BY time_days DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),

stepped AS (
    SELECT
        *,
        -- As decimals, whose sums are exact in any order: frozen data must repeat every digit.
        CAST(CASE WHEN events > 0 AND events < at_risk THEN LN(1.0 - events / at_risk) ELSE 0.0 END AS DECIMAL(38, 20))
            AS log_share,
        CAST(
            CASE WHEN events > 0 AND events < at_risk THEN events / (at_risk * (at_risk - events)) ELSE 0.0 END
            AS DECIMAL(38, 24)
        ) AS log_variance
    FROM at_risk
),

estimated AS (
    SELECT
        *,
        -- A product in logarithms loses nothing that matters; the step to 0 has no logarithm, and stays 0.
        CASE
            WHEN BOOL_OR(events > 0 AND events = at_risk) OVER earlier_days THEN 0.0
            ELSE EXP(CAST(SUM(log_share) OVER earlier_days AS DOUBLE))
        END AS survival,
        CAST(SUM(log_variance) OVER earlier_days AS DOUBLE) AS greenwood
    FROM stepped
    WINDOW earlier_days AS (
        PARTITION BY study_id, curve, stratum, estimate_of ORDER BY time_days
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),

limited AS (
    SELECT
        estimated.*,
        study_number.days_per_month,
        study_number.survival_interval,
        -- 97.5 % of the normal distribution.
        1.959963984540054 * SQRT(estimated.greenwood) AS half_width
    FROM estimated
    CROSS JOIN clinical_step.study_number AS study_number
)

SELECT
    study_id,
    curve,
    stratum,
    stratum_position,
    estimate_of,
    time_days,
    CAST(time_days AS DOUBLE) / CAST(days_per_month AS DOUBLE) AS time_months,
    CAST(at_risk AS BIGINT) AS at_risk,
    events,
    censored,
    survival,
    CASE WHEN survival > 0 THEN survival * SQRT(greenwood) END AS std_error,
    CASE
        WHEN survival = 0 OR (survival = 1 AND survival_interval = 'log_log') THEN NULL
        WHEN survival = 1 THEN 1.0
        WHEN survival_interval = 'plain' THEN GREATEST(survival * (1 - half_width), 0.0)
        WHEN survival_interval = 'log_log' THEN EXP(-EXP(LN(-LN(survival)) - half_width / LN(survival)))
        ELSE survival * EXP(-half_width)
    END AS low,
    CASE
        WHEN survival = 0 OR (survival = 1 AND survival_interval = 'log_log') THEN NULL
        WHEN survival = 1 THEN 1.0
        WHEN survival_interval = 'plain' THEN LEAST(survival * (1 + half_width), 1.0)
        WHEN survival_interval = 'log_log' THEN EXP(-EXP(LN(-LN(survival)) + half_width / LN(survival)))
        ELSE LEAST(survival * EXP(half_width), 1.0)
    END AS high
FROM limited
