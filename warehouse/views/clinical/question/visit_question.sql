-- Visits up to the index date of which the hospital reports a response: nothing can have responded before treatment
-- began, so the date or the response is wrong. The report is kept and enters no result.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: response_before_treatment.
-- @reported: The response that the physician reports, or else the radiologist.
-- @derived: The index date.
-- @noted_on: Date of the imaging.
-- @source_file: The file of the visit.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
SELECT
    visit.site_id,
    visit.patient_id,
    'response_before_treatment' AS question,
    COALESCE(NULLIF(visit.response_physician_code, 'NE'), NULLIF(visit.response_radiologist_code, 'NE')) AS reported,
    CAST(index_date.index_date AS VARCHAR) AS derived,
    visit.imaged_on AS noted_on,
    visit.source_file,
    visit.source_sheet,
    visit.source_record,
    visit.source_ordinal
FROM current.imaging_visit AS visit
INNER JOIN clinical.index_date AS index_date
    ON
        visit.site_id = index_date.site_id
        AND visit.patient_id = index_date.patient_id
WHERE
    visit.imaged_on <= index_date.index_date
    -- Not evaluable is what a baseline is.
    AND COALESCE(
        NULLIF(visit.response_physician_code, 'NE'), NULLIF(visit.response_radiologist_code, 'NE')
    ) IS NOT NULL
