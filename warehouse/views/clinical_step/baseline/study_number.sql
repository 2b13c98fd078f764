-- The study's numbers that the views need, one row, each with its type; from reference.study_option.
-- @index_event: What the study counts from: first_dose, first_procedure, diagnosis or dated_event.
-- @index_event_words: The same in words.
-- @index_drug: The study drug, whose first dose is the index date; empty where the study counts from another event.
-- @index_procedure: The procedure whose first is the index date; empty where the study counts from another event.
-- @data_cut_off: Nothing after this day is counted.
-- @days_per_month: Length of a month in days.
-- @boundary_days: Days after the index date that part long-term from short-term survivors.
-- @month_death_placed: Where in its month a death is placed that is known to the month: middle, first or last.
-- @baseline_days_before: Days before the index date in which a baseline value is looked for.
-- @baseline_afp_days_before: The same for alpha-fetoprotein.
-- @afp_evaluation_days: Days around the first scan in which its alpha-fetoprotein is looked for.
-- @survival_interval: Limits of Kaplan-Meier curves: log, log_log or plain.
-- @survival_months: Months at which survival is read off the curves.
-- @response_reading: Primary reading of response: lesions, physician or radiologist.
WITH option AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'index_event') AS index_event,
        MAX(value) FILTER (WHERE name = 'index_drug') AS index_drug,
        MAX(value) FILTER (WHERE name = 'index_procedure') AS index_procedure,
        MAX(value) FILTER (WHERE name = 'data_cut_off') AS data_cut_off,
        MAX(value) FILTER (WHERE name = 'days_per_month') AS days_per_month,
        MAX(value) FILTER (WHERE name = 'long_term_months') AS long_term_months,
        MAX(value) FILTER (WHERE name = 'month_death_placed') AS month_death_placed,
        MAX(value) FILTER (WHERE name = 'baseline_days_before') AS baseline_days_before,
        MAX(value) FILTER (WHERE name = 'baseline_afp_days_before') AS baseline_afp_days_before,
        MAX(value) FILTER (WHERE name = 'afp_evaluation_days') AS afp_evaluation_days,
        MAX(value) FILTER (WHERE name = 'survival_interval') AS survival_interval,
        MAX(value) FILTER (WHERE name = 'survival_at_months') AS survival_months,
        MAX(value) FILTER (WHERE name = 'response_reading') AS response_reading
    FROM reference.study_option
)

SELECT
    index_event,
    CASE index_event
        WHEN 'first_dose' THEN 'first dose'
        WHEN 'first_procedure' THEN 'first ' || index_procedure
        WHEN 'diagnosis' THEN 'diagnosis'
        WHEN 'dated_event' THEN 'index event'
    END AS index_event_words,
    CASE WHEN index_event = 'first_dose' THEN index_drug END AS index_drug,
    CASE WHEN index_event = 'first_procedure' THEN index_procedure END AS index_procedure,
    CAST(data_cut_off AS DATE) AS data_cut_off,
    CAST(days_per_month AS DECIMAL(9, 4)) AS days_per_month,
    -- "24 x 30.4375 = 730.5 days": compared as a decimal, never as a binary fraction.
    CAST(CAST(long_term_months AS DECIMAL(9, 4)) * CAST(days_per_month AS DECIMAL(9, 4)) AS DECIMAL(12, 4))
        AS boundary_days,
    month_death_placed,
    CAST(baseline_days_before AS INTEGER) AS baseline_days_before,
    CAST(baseline_afp_days_before AS INTEGER) AS baseline_afp_days_before,
    CAST(afp_evaluation_days AS INTEGER) AS afp_evaluation_days,
    survival_interval,
    CAST(STRING_SPLIT(survival_months, ' ') AS DECIMAL(9, 4)[]) AS survival_months,
    response_reading
FROM option
