-- Questions to the hospital about response: visits of which two readings differ, each with the row that reports it.
-- Best overall responses that differ are left out, for they follow from the visits; so are visits at which no lesion
-- was described, for there the lesions say nothing. Also new lesions: reported, while those described count for none by
-- rule, and nodes too small to be malignant, which are followed.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: physician_against_lesions, radiologist_against_lesions, physician_against_radiologist,
-- new_lesion_not_followed or new_node_followed.
-- @reported: The response that the hospital reports; of two readers, the physician's.
-- @derived: The response that the lesions give; of two readers, the radiologist's.
-- @noted_on: Date of the imaging.
-- @source_file: The file that the report came from.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH visit_with_lesions AS (
    SELECT DISTINCT
        site_id,
        patient_id,
        day
    FROM clinical_step.lesion_size
),

-- Every day of imaging of every visit.
visit_date AS (
    SELECT
        visit_day.site_id,
        visit_day.patient_id,
        visit_day.day,
        imaging_day.imaged_on
    FROM clinical_step.visit_day AS visit_day
    INNER JOIN clinical_step.imaging_day AS imaging_day
        ON
            visit_day.site_id = imaging_day.site_id
            AND visit_day.patient_id = imaging_day.patient_id
            AND visit_day.seen_day = imaging_day.day
),

disagreement AS (
    SELECT
        disagreement.site_id,
        disagreement.patient_id,
        disagreement.day,
        index_date.index_date + CAST(disagreement.day AS INTEGER) AS begun_on,
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
),

about_readings AS (
    SELECT
        disagreement.site_id,
        disagreement.patient_id,
        disagreement.question,
        disagreement.reported,
        disagreement.derived,
        COALESCE(visit.imaged_on, disagreement.begun_on) AS noted_on,
        visit.source_file,
        visit.source_sheet,
        visit.source_record,
        visit.source_ordinal
    FROM disagreement
    LEFT JOIN visit_with_lesions
        ON
            disagreement.site_id = visit_with_lesions.site_id
            AND disagreement.patient_id = visit_with_lesions.patient_id
            AND disagreement.day = visit_with_lesions.day
    LEFT JOIN visit_date
        ON
            disagreement.site_id = visit_date.site_id
            AND disagreement.patient_id = visit_date.patient_id
            AND disagreement.day = visit_date.day
    LEFT JOIN current.imaging_visit AS visit
        ON
            visit_date.site_id = visit.site_id
            AND visit_date.patient_id = visit.patient_id
            AND visit_date.imaged_on = visit.imaged_on
            AND disagreement.reported = CASE
                WHEN disagreement.is_of_radiologist THEN visit.response_radiologist_code
                ELSE visit.response_physician_code
            END
    WHERE visit_with_lesions.day IS NOT NULL OR disagreement.question = 'physician_against_radiologist'
    -- Of several scans of one visit that say the same, the first record stands for all.
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY disagreement.site_id, disagreement.patient_id, disagreement.question, disagreement.day
        ORDER BY visit.source_file ASC, visit.source_sheet ASC, visit.source_record ASC
    ) = 1
),

-- "Then it is a clinical question": the row of the scan that reports the new lesion.
about_new_lesions AS (
    SELECT
        measured_visit.site_id,
        measured_visit.patient_id,
        'new_lesion_not_followed' AS question,
        'new lesion' AS reported,
        measured_visit.new_lesion_doubt AS derived,
        visit.imaged_on AS noted_on,
        visit.source_file,
        visit.source_sheet,
        visit.source_record,
        visit.source_ordinal
    FROM clinical_step.measured_visit AS measured_visit
    INNER JOIN visit_date
        ON
            measured_visit.site_id = visit_date.site_id
            AND measured_visit.patient_id = visit_date.patient_id
            AND measured_visit.day = visit_date.day
    INNER JOIN current.imaging_visit AS visit
        ON
            visit_date.site_id = visit.site_id
            AND visit_date.patient_id = visit.patient_id
            AND visit_date.imaged_on = visit.imaged_on
            AND visit.has_new_lesion
    WHERE measured_visit.new_lesion_doubt IS NOT NULL AND NOT measured_visit.is_baseline
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY measured_visit.site_id, measured_visit.patient_id, measured_visit.day
        ORDER BY visit.source_file ASC, visit.source_sheet ASC, visit.source_record ASC
    ) = 1
),

-- "10 to below 15 mm: seen, followed, asked about", once where it is first seen.
about_nodes AS (
    SELECT
        new_lesion.site_id,
        new_lesion.patient_id,
        'new_node_followed' AS question,
        new_lesion.lesion_label || ', ' || ROUND(new_lesion.size_mm, 1) || ' mm' AS reported,
        new_lesion.reason AS derived,
        lesion.imaged_on AS noted_on,
        lesion.source_file,
        lesion.source_sheet,
        lesion.source_record,
        lesion.source_ordinal
    FROM clinical_step.new_lesion AS new_lesion
    INNER JOIN clinical.index_date AS index_date
        ON
            new_lesion.site_id = index_date.site_id
            AND new_lesion.patient_id = index_date.patient_id
    INNER JOIN current.lesion AS lesion
        ON
            new_lesion.site_id = lesion.site_id
            AND new_lesion.patient_id = lesion.patient_id
            AND index_date.index_date + CAST(new_lesion.seen_day AS INTEGER) = lesion.imaged_on
            AND new_lesion.lesion_label = lesion.lesion_label
    WHERE new_lesion.is_counted AND new_lesion.reason = 'node, watched'
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY new_lesion.site_id, new_lesion.patient_id, new_lesion.lesion_label
        ORDER BY new_lesion.seen_day ASC, lesion.source_file ASC, lesion.source_sheet ASC, lesion.source_record ASC
    ) = 1
)

SELECT * FROM about_readings
UNION ALL BY NAME
SELECT * FROM about_new_lesions
UNION ALL BY NAME
SELECT * FROM about_nodes
