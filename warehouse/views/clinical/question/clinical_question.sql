-- Everything clinical to ask a hospital: what it reports is not what the rules derive, or cannot be as it stands.
-- Both are kept; none is corrected.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @topic: response, event, score or laboratory.
-- @question: What is asked, a short code.
-- @reported: What the hospital reports.
-- @derived: What the rules derive, where they do.
-- @noted_on: The day that the question is about, where there is one.
-- @source_file: The file of the row that is in doubt; empty where no single row is.
-- @source_sheet: Its sheet, in a workbook.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH asked AS (
    SELECT
        'response' AS topic,
        *
    FROM clinical.response_question
    UNION ALL BY NAME
    SELECT
        'response' AS topic,
        *
    FROM clinical.target_question
    UNION ALL BY NAME
    SELECT
        'response' AS topic,
        *
    FROM clinical.visit_question
    UNION ALL BY NAME
    SELECT
        'event' AS topic,
        *
    FROM clinical.event_question
    UNION ALL BY NAME
    SELECT
        'score' AS topic,
        *
    FROM clinical.score_question
    UNION ALL BY NAME
    SELECT
        'laboratory' AS topic,
        *
    FROM clinical.laboratory_question
    UNION ALL BY NAME
    SELECT
        'laboratory' AS topic,
        *
    FROM clinical.column_question
)

SELECT
    site_id,
    patient_id,
    topic,
    question,
    reported,
    derived,
    noted_on,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM asked
