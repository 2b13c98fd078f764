-- The choices that adverse events leave open, one row; from reference.study_option.
-- @days_after_last_dose: Days after the last dose within which an event still counts (adverse_event_days_after).
-- @early_days: An event is early when it begins within so many days from the index date (event_early_days).
-- @counts_other_versions: A grade of another version that has no equal in 4.03 counts as reported
--   (event_other_version).
-- @includes_grade_5: Fatal events are part of the worst grade (adverse_event_grade_5).
-- @counts_computed: What vital signs or laboratory results alone show counts like a recorded event
--   (adverse_event_source).
SELECT
    CAST(MAX(value) FILTER (WHERE name = 'adverse_event_days_after') AS INTEGER) AS days_after_last_dose,
    CAST(MAX(value) FILTER (WHERE name = 'event_early_days') AS INTEGER) AS early_days,
    COALESCE(BOOL_OR(value = 'as_reported') FILTER (WHERE name = 'event_other_version'), FALSE)
        AS counts_other_versions,
    COALESCE(BOOL_OR(value = 'included') FILTER (WHERE name = 'adverse_event_grade_5'), FALSE) AS includes_grade_5,
    COALESCE(BOOL_OR(value = 'all') FILTER (WHERE name = 'adverse_event_source'), FALSE) AS counts_computed
FROM reference.study_option
