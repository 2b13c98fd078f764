-- The worst grades of adverse events side by side, one row per patient with an index date; fatal events apart.
-- Patients of a hospital that reports no adverse event at all have none.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @has_adverse_event: There was an event that counts, with a grade or without.
-- @worst_grade_any: Worst grade of all; 0 without an event, empty where none has a grade.
-- @worst_grade_dermatologic: The same of dermatologic events.
-- @worst_grade_gastroenterologic: The same of gastroenterologic events.
-- @worst_grade_hypertension: The same of hypertension.
-- @has_fatal_event: There was an event of grade 5.
-- @first_event_day: Days from the index date to the first onset.
SELECT
    worst.site_id,
    worst.patient_id,
    BOOL_OR(worst.has_event) FILTER (WHERE worst.category = 'any') AS has_adverse_event,
    MAX(worst.worst_grade) FILTER (WHERE worst.category = 'any') AS worst_grade_any,
    MAX(worst.worst_grade) FILTER (WHERE worst.category = 'dermatologic') AS worst_grade_dermatologic,
    MAX(worst.worst_grade) FILTER (WHERE worst.category = 'gastroenterologic') AS worst_grade_gastroenterologic,
    MAX(worst.worst_grade) FILTER (WHERE worst.category = 'hypertension') AS worst_grade_hypertension,
    BOOL_OR(worst.has_fatal) FILTER (WHERE worst.category = 'any') AS has_fatal_event,
    MIN(worst.first_onset_day) FILTER (WHERE worst.category = 'any') AS first_event_day
FROM clinical.worst_event_grade AS worst
INNER JOIN clinical_step.site_scope AS site_scope
    ON worst.site_id = site_scope.site_id
WHERE site_scope.reports_events
GROUP BY worst.site_id, worst.patient_id
