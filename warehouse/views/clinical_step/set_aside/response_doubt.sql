-- From which day on something set aside may have changed a patient's course of response, per reading.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read.
-- @open_from: First day, from the index date, on which a response is open; 1 where its day could not be read.
WITH reader AS (
    SELECT UNNEST(['lesions', 'simplified', 'physician', 'radiologist']) AS reading
),

-- A visit that was set aside may be progression, whoever read it; of a cell set aside, that of its reader alone.
apart AS (
    SELECT
        apart.site_id,
        apart.patient_id,
        reader.reading,
        COALESCE(apart.first_day - index_date.index_date, 1) AS day
    FROM clinical_step.set_aside AS apart
    INNER JOIN clinical.index_date AS index_date
        ON
            apart.site_id = index_date.site_id
            AND apart.patient_id = index_date.patient_id
    CROSS JOIN clinical_step.study_number AS study_number
    INNER JOIN reader
        ON
            (
                apart.table_name = 'imaging_visit'
                AND (
                    (apart.is_row AND LIST_CONTAINS(apart.may_show_response, reader.reading))
                    OR (apart.is_row AND apart.may_show_progression AND reader.reading IN ('lesions', 'simplified'))
                    OR apart.column_name = 'response_' || reader.reading || '_code'
                )
            )
            OR (apart.table_name = 'lesion' AND reader.reading IN ('lesions', 'simplified'))
            OR (
                apart.table_name = 'imaging_visit'
                AND reader.reading IN ('lesions', 'simplified')
                AND apart.column_name IN (
                    'has_new_lesion', 'non_target_status_code', 'has_contrast', 'has_arterial_phase'
                )
            )
    WHERE
        COALESCE(apart.first_day > index_date.index_date, TRUE)
        AND COALESCE(apart.first_day <= study_number.data_cut_off, TRUE)
),

-- A baseline that was set aside leaves every later visit open.
baseline AS (
    SELECT
        baseline_lesion.site_id,
        baseline_lesion.patient_id,
        reader.reading,
        1 AS day
    FROM clinical.baseline_lesion AS baseline_lesion
    CROSS JOIN reader
    WHERE baseline_lesion.reason LIKE 'set aside%' AND reader.reading IN ('lesions', 'simplified')
),

-- Whether a visit comes before new therapy.
therapy AS (
    SELECT
        new_therapy.site_id,
        new_therapy.patient_id,
        reported.reading,
        -- That visit itself may not count.
        MIN(reported.day) - 1 AS day
    FROM clinical.new_therapy AS new_therapy
    INNER JOIN clinical.reported_response AS reported
        ON
            new_therapy.site_id = reported.site_id
            AND new_therapy.patient_id = reported.patient_id
            AND new_therapy.open_from - new_therapy.index_date < reported.day
    GROUP BY new_therapy.site_id, new_therapy.patient_id, reported.reading
),

doubt AS (
    SELECT * FROM apart
    UNION ALL
    SELECT * FROM baseline
    UNION ALL
    SELECT * FROM therapy
)

SELECT
    site_id,
    patient_id,
    reading,
    MIN(day) AS open_from
FROM doubt
GROUP BY site_id, patient_id, reading
