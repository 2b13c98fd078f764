-- Every response that was read or derived, one row per patient, reading and visit; the input of the endpoints.
-- A patient with an index date whom nobody assessed has one row per reading without a day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read: lesions (derived), simplified (derived by the paper's rule), physician or radiologist.
-- @visit_day: The visit, named by its first day of imaging, counted from the index date.
-- @day: The day that counts: of progression the earliest of the visit that proves it, of another response the latest.
-- @response: CR, PR, SD, IR/SD, PD or NE.
-- @new_therapy_day: Days from the index date to the first new anticancer therapy.
WITH reader_day AS (
    SELECT
        site_id,
        patient_id,
        'physician' AS reading,
        day,
        physician_code AS response
    FROM clinical_step.imaging_day
    WHERE physician_code IS NOT NULL
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'radiologist' AS reading,
        day,
        radiologist_code AS response
    FROM clinical_step.imaging_day
    WHERE radiologist_code IS NOT NULL
),

-- "One record per date, worst wins (PD > ... ; NE loses to any)", and likewise of a visit.
reader_visit AS (
    SELECT
        visit_day.site_id,
        visit_day.patient_id,
        reader_day.reading,
        visit_day.day AS visit_day,
        MIN(visit_day.seen_day) FILTER (WHERE reader_day.response = 'PD') AS progression_day,
        MAX(visit_day.seen_day) AS last_day,
        CASE
            WHEN BOOL_OR(reader_day.response = 'PD') THEN 'PD'
            WHEN BOOL_OR(reader_day.response = 'SD') THEN 'SD'
            WHEN BOOL_OR(reader_day.response = 'PR') THEN 'PR'
            WHEN BOOL_OR(reader_day.response = 'CR') THEN 'CR'
            ELSE 'NE'
        END AS response
    FROM clinical_step.visit_day AS visit_day
    INNER JOIN reader_day
        ON
            visit_day.site_id = reader_day.site_id
            AND visit_day.patient_id = reader_day.patient_id
            AND visit_day.seen_day = reader_day.day
    GROUP BY visit_day.site_id, visit_day.patient_id, reader_day.reading, visit_day.day
),

read AS (
    SELECT
        site_id,
        patient_id,
        'lesions' AS reading,
        day AS visit_day,
        COALESCE(progression_day, response_day) AS day,
        overall_response AS response
    FROM clinical.visit_response
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'simplified' AS reading,
        day AS visit_day,
        simplified_day AS day,
        simplified_response AS response
    FROM clinical.visit_response
    UNION ALL
    SELECT
        site_id,
        patient_id,
        reading,
        visit_day,
        COALESCE(progression_day, last_day) AS day,
        response
    FROM reader_visit
),

reader AS (
    SELECT UNNEST(['lesions', 'simplified', 'physician', 'radiologist']) AS reading
)

SELECT
    index_date.site_id,
    index_date.patient_id,
    reader.reading,
    read.visit_day,
    read.day,
    read.response,
    new_therapy.new_therapy_on - index_date.index_date AS new_therapy_day
FROM clinical.index_date AS index_date
CROSS JOIN reader
LEFT JOIN read
    ON
        index_date.site_id = read.site_id
        AND index_date.patient_id = read.patient_id
        AND reader.reading = read.reading
        AND read.visit_day > 0
        AND read.response IS NOT NULL
LEFT JOIN clinical.new_therapy AS new_therapy
    ON
        index_date.site_id = new_therapy.site_id
        AND index_date.patient_id = new_therapy.patient_id
WHERE index_date.index_date IS NOT NULL
