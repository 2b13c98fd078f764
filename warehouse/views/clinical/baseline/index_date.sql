-- The index date of every patient: the first event of the kind that the study counts from (study option index_event),
-- by default the first dose of sorafenib. Empty when it is not known to the day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day of the first such event; empty when there is none, or when it is not known to the day.
-- @index_date_precision: How precisely the event is known: day, month or year; empty when there is none.
-- @index_event: What the event is, in words, such as 'first dose'.
-- @reason: Why there is no index date; empty when there is one.
-- @is_set_aside: Something was set aside that may have been the first such event: which day it was is not known.
WITH first_event AS (
    SELECT
        site_id,
        patient_id,
        MIN(happened_on) AS happened_on,
        -- A partial date holds its first day, so of two events on one day the less precise one may be the earlier.
        ARG_MIN(happened_on_precision, (happened_on, happened_on_precision = 'day')) AS happened_on_precision
    FROM clinical_step.index_event
    GROUP BY site_id, patient_id
),

-- What was set aside leaves the first event open, unless it surely happened no earlier.
doubt AS (
    SELECT DISTINCT
        possible.site_id,
        possible.patient_id
    FROM clinical_step.possible_index_event AS possible
    LEFT JOIN first_event
        ON
            possible.site_id = first_event.site_id
            AND possible.patient_id = first_event.patient_id
    WHERE
        COALESCE(
            CASE
                WHEN possible.is_row THEN possible.first_day < first_event.happened_on
                -- The role of a course that stayed: it counted as the study's, and may be none.
                ELSE possible.first_day <= first_event.happened_on
            END, TRUE
        )
)

SELECT
    patient.site_id,
    patient.patient_id,
    -- Study definitions: "index date: first dose of sorafenib; needs day precision".
    CASE
        WHEN first_event.happened_on_precision = 'day' AND doubt.patient_id IS NULL THEN first_event.happened_on
    END AS index_date,
    CASE WHEN doubt.patient_id IS NULL THEN first_event.happened_on_precision END AS index_date_precision,
    study_number.index_event_words AS index_event,
    CASE
        WHEN doubt.patient_id IS NOT NULL
            THEN 'something was set aside that may be the ' || study_number.index_event_words
        WHEN first_event.happened_on_precision = 'day' THEN NULL
        WHEN first_event.happened_on IS NOT NULL
            THEN study_number.index_event_words || ' known to the ' || first_event.happened_on_precision || ' only'
        ELSE CASE study_number.index_event
            WHEN 'first_dose' THEN 'no course of the study drug'
            WHEN 'first_procedure' THEN 'no procedure ' || study_number.index_procedure
            WHEN 'diagnosis' THEN 'no date of the diagnosis'
            WHEN 'dated_event' THEN 'no observation index_event'
        END
    END AS reason,
    doubt.patient_id IS NOT NULL AS is_set_aside
FROM current.patient AS patient
CROSS JOIN clinical_step.study_number AS study_number
LEFT JOIN first_event
    ON
        patient.site_id = first_event.site_id
        AND patient.patient_id = first_event.patient_id
LEFT JOIN doubt
    ON
        patient.site_id = doubt.site_id
        AND patient.patient_id = doubt.patient_id
