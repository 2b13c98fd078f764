-- Events that the study may count from: what was set aside and may be of the kind that study option index_event names.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @is_row: It is a whole row; the event itself is in no table.
-- @first_day: First day that it can have happened on; empty where not readable.
SELECT
    site_id,
    patient_id,
    is_row,
    first_day
FROM clinical_step.possible_course
WHERE column_name IS DISTINCT FROM 'stopped_on'
UNION ALL
SELECT
    apart.site_id,
    apart.patient_id,
    TRUE AS is_row,
    apart.first_day
FROM clinical_step.set_aside AS apart
CROSS JOIN clinical_step.study_number AS study_number
WHERE
    CASE study_number.index_event
        WHEN 'first_procedure'
            THEN
                apart.table_name = 'procedure'
                AND apart.is_row
                AND COALESCE(apart.code = study_number.index_procedure, TRUE)
        WHEN 'diagnosis' THEN apart.table_name = 'patient' AND COALESCE(apart.column_name = 'diagnosed_on', FALSE)
        WHEN 'dated_event'
            THEN apart.table_name = 'observation' AND apart.is_row AND COALESCE(apart.code = 'index_event', TRUE)
        ELSE FALSE
    END
