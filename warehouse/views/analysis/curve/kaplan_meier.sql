-- Kaplan-Meier curves of every study: a row for each day on which a patient had the event or was censored.
-- @study_id: The study.
-- @curve: The curve, such as overall_survival.
-- @stratum: The level of the variable that is compared, or all.
-- @stratum_position: Its place, from 1.
-- @time_days: Days from time zero to the step.
-- @time_months: The same in months (study option days_per_month).
-- @at_risk: Patients without event or censoring just before the day.
-- @events: Events on the day.
-- @censored: Patients censored on the day.
-- @survival: Share without the event after the day.
-- @std_error: Its standard error by Greenwood; empty when the share is 0.
-- @low: Lower limit of 95 % (study option survival_interval); empty when the share is 0, of log_log also when it is 1.
-- @high: Upper limit of 95 %.
SELECT
    study_id,
    curve,
    stratum,
    stratum_position,
    time_days,
    time_months,
    at_risk,
    events,
    censored,
    survival,
    std_error,
    low,
    high
FROM analysis_step.survival_step
WHERE estimate_of = 'event'
