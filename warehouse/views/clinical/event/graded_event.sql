-- Every adverse event of every record, coded to CTCAE 4.03 and graded by it; a record that names several gives several.
-- The hospital's term decides where it is one of CTCAE or a listed spelling of one, else the words do. The reported
-- grade decides before a grade in the words. Nothing is guessed: what cannot be coded or graded has a reason.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @ordinal: Number of the event in the record, from 1.
-- @verbatim_text: The text as reported.
-- @hospital_term: The term as the hospital coded it.
-- @term: The CTCAE 4.03 term; empty when it is not known.
-- @text_term: The term by the words alone, where they name one.
-- @nearest: Where the words are in no list: the terms whose spellings are most like them.
-- @reading: event, negated, doubtful, history or disease.
-- @is_event: It is an adverse event that took place.
-- @reported_grade: The grade as reported, in its own version, the worse one of a range; or else the one in the words.
-- @ctcae_version: Its version of CTCAE; empty when it is not known. Code list: ctcae_version.
-- @grade: The grade by CTCAE 4.03; empty when there is none that stands.
-- @is_valid: The grade stands (true); it does not, or the record has a fault (false); nothing to judge (empty).
-- @reason: Why there is no grade. Code list: event_reason.
-- @warning: What a reader must know of the grade or the term. Code list: event_reason.
-- @is_unlisted: The words name something that is in no list.
-- @is_term_doubted: The words name another term than the hospital.
-- @is_grade_doubted: The words hold another grade than the reported one.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
WITH single_spelling AS (
    SELECT
        letters,
        terms[1] AS term
    FROM clinical_step.event_lexicon
    WHERE mark = 'n' AND LEN(terms) = 1
),

record AS (
    SELECT
        event_record.*,
        COALESCE(event_record.verbatim_text, event_record.hospital_term) AS raw_text,
        single_spelling.term AS own_term,
        grade_cell.grade AS cell_grade,
        grade_cell.milder_grade AS cell_milder_grade,
        event_record.grade_text IS NOT NULL AND grade_cell.grade IS NULL AS is_grade_unread
    FROM clinical_step.event_record AS event_record
    LEFT JOIN clinical_step.event_plain AS plain_term
        ON event_record.hospital_term = plain_term.raw_text AND NOT plain_term.is_text
    LEFT JOIN single_spelling ON plain_term.letters = single_spelling.letters
    LEFT JOIN clinical_step.event_grade_cell AS grade_cell ON event_record.grade_text = grade_cell.grade_text
),

-- With a term of the hospital's a record is one event: that part of the text which speaks of it, or all of the text.
coded AS (
    SELECT
        record.*,
        CASE WHEN record.own_term IS NULL THEN COALESCE(event_text.ordinal, 1) ELSE 1 END AS ordinal,
        COALESCE(record.own_term, event_text.term) AS term,
        event_text.term AS text_term,
        event_text.nearest,
        COALESCE(event_text.is_nothing, TRUE) AS is_nothing,
        COALESCE(event_text.has_grade_in_text, FALSE) AS has_grade_in_text,
        record.own_term IS NOT NULL OR COALESCE(event_text.events_in_text, 1) = 1 AS is_only_event,
        COALESCE(record.own_term <> event_text.term, FALSE) AS is_term_doubted,
        event_text.reading AS word_reading,
        event_text.grade,
        event_text.milder_grade,
        event_text.is_grade_shared,
        COALESCE(event_text.is_respelled, FALSE) AND record.own_term IS NULL AS is_respelled
    FROM record
    LEFT JOIN clinical_step.event_text AS event_text ON record.raw_text = event_text.raw_text
    QUALIFY
        record.own_term IS NULL
        OR ROW_NUMBER() OVER (
            PARTITION BY record.source_file, record.source_sheet, record.source_record, record.source_ordinal
            ORDER BY COALESCE(event_text.term = record.own_term, FALSE) DESC, event_text.ordinal
        ) = 1
),

-- Words about another term tell neither the reading nor the grade of this one.
read_event AS (
    SELECT
        *,
        CASE WHEN is_term_doubted THEN 'event' ELSE COALESCE(word_reading, 'event') END AS reading,
        CASE WHEN NOT is_term_doubted THEN grade END AS word_grade,
        CASE WHEN NOT is_term_doubted THEN COALESCE(milder_grade, grade) END AS word_grade_from,
        COALESCE(cell_milder_grade, cell_grade) AS cell_grade_from,
        NOT is_term_doubted AND milder_grade IS NOT NULL AS is_range_in_words,
        NOT is_term_doubted AND COALESCE(is_grade_shared, FALSE) AS is_shared_in_words,
        -- One grade in a cell of its own stands for all events of the text, where their words have none.
        is_only_event OR NOT has_grade_in_text AS takes_cell
    FROM coded
),

with_grade AS (
    SELECT
        *,
        CASE
            WHEN is_grade_unread THEN NULL
            -- The cell repeats an end of the range in the words: the worse end, as everywhere.
            WHEN takes_cell AND is_range_in_words AND cell_grade BETWEEN word_grade_from AND word_grade THEN word_grade
            WHEN takes_cell THEN COALESCE(cell_grade, word_grade)
            ELSE word_grade
        END AS given_grade,
        COALESCE(is_only_event AND (cell_grade_from > word_grade OR word_grade_from > cell_grade), FALSE)
            AS is_grade_doubted,
        CASE
            WHEN takes_cell AND cell_grade IS NOT NULL
                THEN
                    cell_milder_grade IS NOT NULL
                    OR (is_range_in_words AND cell_grade BETWEEN word_grade_from AND word_grade)
            ELSE is_range_in_words
        END AS is_range,
        is_shared_in_words OR (takes_cell AND NOT is_only_event AND cell_grade IS NOT NULL) AS is_shared
    FROM read_event
),

translated AS (
    SELECT
        with_grade.*,
        event_term.grades,
        CASE
            WHEN with_grade.ctcae_version IS NULL OR with_grade.ctcae_version = '4.03' THEN TRUE
            ELSE COALESCE(of_grade.is_same, of_term.is_same, of_version.is_same, FALSE)
        END AS is_same_in_4_03
    FROM with_grade
    LEFT JOIN clinical.event_term AS event_term ON with_grade.term = event_term.term
    LEFT JOIN reference.event_translation AS of_grade
        ON
            with_grade.ctcae_version = of_grade.version
            AND with_grade.term = of_grade.term
            AND with_grade.given_grade = of_grade.grade
    LEFT JOIN reference.event_translation AS of_term
        ON
            with_grade.ctcae_version = of_term.version
            AND with_grade.term = of_term.term
            AND of_term.grade IS NULL
    LEFT JOIN reference.event_translation AS of_version
        ON
            with_grade.ctcae_version = of_version.version
            AND of_version.term IS NULL
),

judged AS (
    SELECT
        *,
        CASE
            WHEN input_fault = 'row_not_whole' THEN input_fault
            WHEN raw_text IS NULL OR (term IS NULL AND is_nothing AND reading = 'event') THEN 'text_missing'
            WHEN reading <> 'event' THEN reading
            WHEN term IS NULL THEN 'unlisted'
            WHEN is_grade_unread THEN 'grade_not_read'
            WHEN given_grade = 0 THEN 'grade_zero'
            WHEN given_grade > 5 THEN 'grade_out_of_range'
            WHEN input_fault IS NOT NULL THEN input_fault
            WHEN given_grade IS NULL THEN 'grade_missing'
            WHEN NOT is_same_in_4_03 THEN 'version_differs'
            -- "keep the event, grade NULL, is_valid false, a finding; rejecting the row would lose severe toxicity"
            WHEN NOT LIST_CONTAINS(grades, given_grade) THEN 'grade_not_in_term'
        END AS reason
    FROM translated
)

SELECT
    site_id,
    patient_id,
    ordinal,
    verbatim_text,
    hospital_term,
    term,
    text_term,
    nearest,
    reading,
    COALESCE(reason, '') NOT IN (
        'row_not_whole', 'text_missing', 'negated', 'doubtful', 'history', 'disease', 'grade_zero'
    ) AS is_event,
    CAST(CASE WHEN given_grade BETWEEN 0 AND 5 THEN given_grade END AS SMALLINT) AS reported_grade,
    ctcae_version,
    CAST(CASE WHEN reason IS NULL THEN given_grade END AS SMALLINT) AS grade,
    CASE
        WHEN reason IS NULL THEN TRUE
        WHEN
            reason NOT IN (
                'negated', 'doubtful', 'history', 'disease', 'grade_zero', 'grade_missing', 'version_differs'
            )
            THEN FALSE
    END AS is_valid,
    reason,
    CASE
        WHEN reason IS NOT NULL AND reason NOT IN ('grade_missing', 'version_differs', 'grade_not_in_term') THEN NULL
        WHEN is_term_doubted THEN 'term_differs'
        WHEN hospital_term IS NOT NULL AND own_term IS NULL AND verbatim_text IS NOT NULL THEN 'term_unlisted'
        WHEN is_respelled THEN 'term_respelled'
        WHEN is_grade_doubted THEN 'grades_differ'
        WHEN is_range THEN 'grade_is_range'
        WHEN is_shared THEN 'grade_of_several'
        WHEN ctcae_version IS NULL AND given_grade IS NOT NULL THEN 'version_missing'
    END AS warning,
    term IS NULL AND NOT is_nothing AND reading <> 'disease' AS is_unlisted,
    is_term_doubted,
    is_grade_doubted,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM judged
