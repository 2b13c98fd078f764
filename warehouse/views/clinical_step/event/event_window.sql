-- The time in which a patient's adverse events count: from the index date to so many days after the last dose (study
-- option adverse_event_days_after) or after the last session of the procedure that the study counts from, or to the
-- data cut-off where neither is known.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @index_date: Day from which the study counts.
-- @last_dose_on: Last day on which the drug was taken, see last_dose; empty while that is not known.
-- @counts_until: Last day on which an event may begin that counts.
-- @surely_counts_until: The same, as far as it is certain: earlier where a dose or a session that was set aside
-- leaves the last open.
WITH last_session AS (
    SELECT
        site_id,
        patient_id,
        MAX(ended_on) AS ended_on
    FROM clinical_step.index_event
    GROUP BY site_id, patient_id
),

-- A session of the procedure that was set aside, or the last session of one, may be later.
possible_session AS (
    SELECT DISTINCT
        apart.site_id,
        apart.patient_id
    FROM clinical_step.set_aside AS apart
    CROSS JOIN clinical_step.study_number AS study_number
    WHERE
        study_number.index_procedure IS NOT NULL
        AND apart.table_name = 'procedure'
        AND (apart.is_row OR apart.column_name = 'ended_on')
        AND COALESCE(apart.code = study_number.index_procedure, TRUE)
)

SELECT
    last_dose.site_id,
    last_dose.patient_id,
    last_dose.index_date,
    last_dose.last_dose_on,
    LEAST(
        COALESCE(
            last_dose.last_dose_on, CASE WHEN possible_session.patient_id IS NULL THEN last_session.ended_on END
        ) + event_option.days_after_last_dose,
        study_number.data_cut_off
    ) AS counts_until,
    LEAST(
        CASE
            WHEN last_dose.is_set_aside THEN last_dose.taken_at_least_until
            ELSE COALESCE(last_dose.last_dose_on, last_session.ended_on)
        END + event_option.days_after_last_dose,
        study_number.data_cut_off
    ) AS surely_counts_until
FROM clinical.last_dose AS last_dose
LEFT JOIN last_session
    ON
        last_dose.site_id = last_session.site_id
        AND last_dose.patient_id = last_session.patient_id
LEFT JOIN possible_session
    ON
        last_dose.site_id = possible_session.site_id
        AND last_dose.patient_id = possible_session.patient_id
CROSS JOIN clinical_step.event_option AS event_option
CROSS JOIN clinical_step.study_number AS study_number
