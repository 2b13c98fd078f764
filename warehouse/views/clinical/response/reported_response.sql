-- Every response that was read or derived, one row per patient, reading and day; the input of the endpoints.
-- A patient with an index date whom nobody assessed has one row per reading without a day.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @reading: Who read: lesions (derived), simplified (derived by the paper's rule), physician or radiologist.
-- @day: Days from the index date to the imaging.
-- @response: CR, PR, SD, IR/SD, PD or NE.
-- @new_therapy_day: Days from the index date to the first new anticancer therapy.
WITH read AS (
    SELECT
        site_id,
        patient_id,
        'lesions' AS reading,
        day,
        overall_response AS response
    FROM clinical.visit_response
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'simplified' AS reading,
        day,
        simplified_response AS response
    FROM clinical.visit_response
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'physician' AS reading,
        day,
        physician_code AS response
    FROM clinical_step.imaging_day
    UNION ALL
    SELECT
        site_id,
        patient_id,
        'radiologist' AS reading,
        day,
        radiologist_code AS response
    FROM clinical_step.imaging_day
),

reader AS (
    SELECT UNNEST(['lesions', 'simplified', 'physician', 'radiologist']) AS reading
)

SELECT
    index_date.site_id,
    index_date.patient_id,
    reader.reading,
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
        AND read.day > 0
        AND read.response IS NOT NULL
LEFT JOIN clinical.new_therapy AS new_therapy
    ON
        index_date.site_id = new_therapy.site_id
        AND index_date.patient_id = new_therapy.patient_id
WHERE index_date.index_date IS NOT NULL
