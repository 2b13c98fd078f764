-- What begins after time zero, and when: one row per patient and kind, the first day from the index date on.
-- A statistic that counts it as known at the index date gives the patient time in which the event could not happen
-- (immortal time); landmark and time-dependent analyses read the day from here.
-- kinds: any_event, event_2_4, event_3_4, dermatologic_2_4, gastroenterologic_2_4, hypertension_2_4,
-- kinds: fatal_event, concomitant, salvage, metformin, statin, afp_evaluation, first_scan, response,
-- kinds: progression, last_dose.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @kind: What began, one of the kinds above.
-- @day: Days from the index date to its first day; 0 or more.
WITH event_kind AS (
    SELECT
        counted.site_id,
        counted.patient_id,
        counted.onset_day,
        UNNEST(
            [
                'any_event',
                CASE WHEN counted.counted_grade BETWEEN 2 AND 4 THEN 'event_2_4' END,
                CASE WHEN counted.counted_grade BETWEEN 3 AND 4 THEN 'event_3_4' END,
                CASE WHEN counted.counted_grade = 5 THEN 'fatal_event' END,
                CASE
                    WHEN
                        counted.counted_grade BETWEEN 2 AND 4
                        AND counted.category IN ('dermatologic', 'gastroenterologic', 'hypertension')
                        THEN counted.category || '_2_4'
                END
            ]
        ) AS kind
    FROM clinical_step.counted_event AS counted
),

started AS (
    SELECT
        site_id,
        patient_id,
        kind,
        MIN(onset_day) AS day
    FROM event_kind
    WHERE kind IS NOT NULL
    GROUP BY site_id, patient_id, kind
    UNION ALL
    SELECT
        treatment.site_id,
        treatment.patient_id,
        UNNEST(['concomitant', 'salvage', 'last_dose']) AS kind,
        UNNEST(
            [
                treatment.concomitant_on - treatment.index_date,
                treatment.salvage_on - treatment.index_date,
                treatment.treatment_days
            ]
        ) AS day
    FROM clinical.treatment AS treatment
    UNION ALL
    SELECT
        co_medication.site_id,
        co_medication.patient_id,
        UNNEST(['metformin', 'statin']) AS kind,
        UNNEST(
            [
                co_medication.metformin_on - index_date.index_date,
                co_medication.statin_on - index_date.index_date
            ]
        ) AS day
    FROM clinical.co_medication AS co_medication
    INNER JOIN clinical.index_date AS index_date
        ON
            co_medication.site_id = index_date.site_id
            AND co_medication.patient_id = index_date.patient_id
    UNION ALL
    SELECT
        afp.site_id,
        afp.patient_id,
        'afp_evaluation' AS kind,
        -- Known when both the scan and the specimen are there.
        GREATEST(afp.taken_on, afp.imaged_on) - index_date.index_date AS day
    FROM clinical.afp_at_evaluation AS afp
    INNER JOIN clinical.index_date AS index_date
        ON
            afp.site_id = index_date.site_id
            AND afp.patient_id = index_date.patient_id
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'first_scan' AS kind,
        MIN(day) AS day
    FROM clinical_step.imaging_day
    WHERE day > 0
    GROUP BY site_id, patient_id
    UNION ALL
    SELECT
        milestone.site_id,
        milestone.patient_id,
        UNNEST(['response', 'progression']) AS kind,
        UNNEST([LEAST(milestone.first_cr_day, milestone.first_pr_day), milestone.progression_day]) AS day
    FROM clinical_step.response_milestone AS milestone
    INNER JOIN clinical_step.study_number AS study_number
        ON milestone.reading = study_number.response_reading
),

-- What was set aside may have begun earlier: the day is then not known, and has no row.
open_kind AS (
    SELECT
        site_id,
        patient_id,
        UNNEST(
            [
                'any_event', 'event_2_4', 'event_3_4', 'fatal_event', 'dermatologic_2_4', 'gastroenterologic_2_4',
                'hypertension_2_4'
            ]
        ) AS kind
    FROM clinical.worst_event_grade
    WHERE category = 'any' AND events > 0 AND first_onset_day IS NULL
    UNION
    -- One whose grade is not known may be the first of its grade.
    SELECT
        site_id,
        patient_id,
        UNNEST(
            [
                'event_2_4', 'event_3_4', 'fatal_event', 'dermatologic_2_4', 'gastroenterologic_2_4', 'hypertension_2_4'
            ]
        ) AS kind
    FROM clinical.worst_event_grade
    WHERE category = 'any' AND events > 0 AND has_fatal IS NULL
    UNION
    SELECT
        site_id,
        patient_id,
        UNNEST(['first_scan', 'afp_evaluation']) AS kind
    FROM clinical_step.set_aside
    WHERE table_name IN ('imaging_visit', 'lesion') AND is_row
    UNION
    SELECT
        response_time.site_id,
        response_time.patient_id,
        UNNEST(['response', 'progression']) AS kind
    FROM clinical.response_time AS response_time
    INNER JOIN clinical_step.study_number AS study_number
        ON response_time.reading = study_number.response_reading
    WHERE response_time.ttp_days IS NULL
)

SELECT
    started.site_id,
    started.patient_id,
    started.kind,
    GREATEST(started.day, 0) AS day
FROM started
LEFT JOIN open_kind
    ON
        started.site_id = open_kind.site_id
        AND started.patient_id = open_kind.patient_id
        AND started.kind = open_kind.kind
WHERE started.day IS NOT NULL AND open_kind.kind IS NULL
