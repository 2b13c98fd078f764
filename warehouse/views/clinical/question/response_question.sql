-- Questions to the hospital about response: visits of which two readings differ, each with the row that reports it.
-- Best overall responses that differ are left out, for they follow from the visits; so are visits at which no lesion
-- was described, for there the lesions say nothing.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: physician_against_lesions, radiologist_against_lesions or physician_against_radiologist.
-- @reported: The response that the hospital reports; of two readers, the physician's.
-- @derived: The response that the lesions give; of two readers, the radiologist's.
-- @noted_on: Date of the imaging.
-- @source_file: The file that the report came from.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH lesion_day AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        imaged_on
    FROM current.lesion
),

disagreement AS (
    SELECT
        disagreement.site_id,
        disagreement.patient_id,
        index_date.index_date + CAST(disagreement.day AS INTEGER) AS noted_on,
        CASE
            WHEN disagreement.first_reading = 'lesions' THEN disagreement.second_reading || '_against_lesions'
            ELSE 'physician_against_radiologist'
        END AS question,
        disagreement.first_reading = 'lesions' AND disagreement.second_reading = 'radiologist' AS is_of_radiologist,
        CASE
            WHEN disagreement.first_reading = 'lesions' THEN disagreement.second_response
            ELSE disagreement.first_response
        END AS reported,
        CASE
            WHEN disagreement.first_reading = 'lesions' THEN disagreement.first_response
            ELSE disagreement.second_response
        END AS derived
    FROM clinical.response_disagreement AS disagreement
    INNER JOIN clinical.index_date AS index_date
        ON
            disagreement.site_id = index_date.site_id
            AND disagreement.patient_id = index_date.patient_id
    WHERE disagreement.scope = 'visit'
)

SELECT
    disagreement.site_id,
    disagreement.patient_id,
    disagreement.question,
    disagreement.reported,
    disagreement.derived,
    disagreement.noted_on,
    visit.source_file,
    visit.source_sheet,
    visit.source_record,
    visit.source_ordinal
FROM disagreement
LEFT JOIN lesion_day
    ON
        disagreement.site_id = lesion_day.site_id
        AND disagreement.patient_id = lesion_day.patient_id
        AND disagreement.noted_on = lesion_day.imaged_on
LEFT JOIN current.imaging_visit AS visit
    ON
        disagreement.site_id = visit.site_id
        AND disagreement.patient_id = visit.patient_id
        AND disagreement.noted_on = visit.imaged_on
        AND disagreement.reported = CASE
            WHEN disagreement.is_of_radiologist THEN visit.response_radiologist_code
            ELSE visit.response_physician_code
        END
WHERE lesion_day.imaged_on IS NOT NULL OR disagreement.question = 'physician_against_radiologist'
-- Of several scans of one day that say the same, the first record stands for all.
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY disagreement.site_id, disagreement.patient_id, disagreement.question, disagreement.noted_on
    ORDER BY visit.source_file ASC, visit.source_sheet ASC, visit.source_record ASC
) = 1
