-- What to ask the hospitals of their adverse events: nothing here was corrected or guessed, and both sides are shown.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @question: What is in doubt. Code list: event_reason.
-- @reported: What the hospital reports.
-- @derived: What the rules make of it.
-- @noted_on: Onset of the event.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows it is.
WITH recorded AS (
    SELECT
        graded.*,
        adverse_event.is_event AS took_place,
        adverse_event.onset_on,
        event_term.grades
    FROM clinical.graded_event AS graded
    INNER JOIN clinical.adverse_event AS adverse_event
        ON
            graded.site_id = adverse_event.site_id
            AND graded.source_file = adverse_event.source_file
            AND graded.source_sheet IS NOT DISTINCT FROM adverse_event.source_sheet
            AND graded.source_record = adverse_event.source_record
            AND graded.source_ordinal = adverse_event.source_ordinal
            AND graded.ordinal = adverse_event.ordinal
    LEFT JOIN clinical.event_term AS event_term ON graded.term = event_term.term
),

asked AS (
    SELECT
        recorded.*,
        UNNEST([
            CASE WHEN recorded.is_unlisted THEN 'unlisted' END,
            CASE
                WHEN
                    recorded.reason IN (
                        'text_missing', 'grade_not_in_term', 'grade_out_of_range', 'grade_missing', 'version_differs'
                    )
                    THEN recorded.reason
            END,
            CASE WHEN recorded.is_term_doubted THEN 'term_differs' END,
            CASE WHEN recorded.is_grade_doubted THEN 'grades_differ' END,
            CASE WHEN recorded.warning NOT IN ('term_differs', 'grades_differ') THEN recorded.warning END,
            CASE WHEN recorded.took_place AND recorded.onset_on IS NULL THEN 'onset_missing' END
        ]) AS question
    FROM recorded
)

SELECT
    site_id,
    patient_id,
    question,
    CASE
        WHEN question IN ('unlisted', 'term_differs') THEN COALESCE(hospital_term || ': ', '') || verbatim_text
        WHEN question = 'term_unlisted' THEN hospital_term
        WHEN
            question IN (
                'term_respelled', 'grade_is_range', 'grades_differ', 'grade_of_several', 'grade_missing',
                'onset_missing'
            )
            THEN COALESCE(verbatim_text, hospital_term)
        WHEN question = 'version_differs' THEN reported_grade || ' by CTCAE ' || ctcae_version
        ELSE CAST(reported_grade AS VARCHAR)
    END AS reported,
    CASE
        WHEN question = 'unlisted' THEN 'nearest: ' || nearest
        WHEN question = 'term_differs' THEN text_term
        WHEN question = 'grade_not_in_term' THEN term || ' has ' || ARRAY_TO_STRING(grades, ', ')
        WHEN question IN ('grades_differ', 'grade_is_range', 'grade_of_several')
            THEN term || ' ' || reported_grade
        ELSE term
    END AS derived,
    onset_on AS noted_on,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM asked
WHERE question IS NOT NULL
