-- Every text of adverse events, each once: the events in it, coded to terms of CTCAE 4.03, with reading and grade.
-- Words that are in no list have no term and the nearest terms next to them; nothing is guessed.
-- @raw_text: The text as reported.
-- @ordinal: Number of the event in the text, from 1.
-- @events_in_text: How many events the text has.
-- @words: The words of the event, in small letters, with its grade and whatever stands next to it.
-- @term: The CTCAE 4.03 term; empty when the words are in no list.
-- @reading: event, negated, doubtful, history or disease (a tumour thrombus is disease).
-- @grade: The grade in the words, the worse one of two.
-- @milder_grade: The other one of two.
-- @is_grade_shared: The words have one grade for several events ("오심/구토 G2"), given to each.
-- @has_grade_in_text: Some event of the text has a grade in its words.
-- @is_nothing: The words name no event: they say that there was none, or nothing at all.
-- @nearest: Where the words are in no list: up to three terms whose spellings are most like them.
WITH spelling_key AS (
    SELECT
        letters,
        COUNT(*) AS terms
    FROM clinical_step.event_spelling
    GROUP BY letters
),

phrase AS (
    SELECT
        event_phrase.*,
        reading.letters,
        reading.reading,
        reading.is_read_before,
        reading.is_read_after,
        reading.is_affirmed,
        reading.grade,
        reading.milder_grade,
        reading.has_grade,
        reading.is_listed,
        reading.is_nothing,
        COALESCE(spelling_key.terms, 0) AS terms,
        MAX(event_phrase.part) OVER (PARTITION BY event_phrase.raw_text) AS parts,
        MAX(event_phrase.piece) OVER (PARTITION BY event_phrase.raw_text, event_phrase.part) AS pieces,
        COALESCE(
            BOOL_OR(reading.is_listed AND NOT reading.is_nothing) FILTER (WHERE event_phrase.span = 'piece')
                OVER (PARTITION BY event_phrase.raw_text, event_phrase.part),
            FALSE
        ) AS has_listed_piece
    FROM clinical_step.event_phrase AS event_phrase
    INNER JOIN clinical_step.event_reading AS reading ON event_phrase.phrase = reading.phrase
    LEFT JOIN spelling_key ON reading.letters = spelling_key.letters
    WHERE event_phrase.span <> 'grade'
),

chosen_level AS (
    SELECT
        *,
        CASE
            -- "오심, 구토 없음" denies both; in "오심, 구토 G2" the grade is that of the second.
            WHEN span = 'whole' THEN parts = 0 OR (parts > 1 AND is_listed AND (terms = 1 OR NOT has_grade))
            WHEN span = 'part' THEN is_listed OR pieces <= 1 OR NOT has_listed_piece
            ELSE pieces > 1 AND has_listed_piece
        END AS is_choice
    FROM phrase
),

chosen AS (
    SELECT *
    FROM chosen_level
    QUALIFY
        is_choice
        AND CASE span
            WHEN 'whole' THEN TRUE
            WHEN 'part' THEN NOT BOOL_OR(is_choice AND span = 'whole') OVER (PARTITION BY raw_text)
            ELSE
                NOT BOOL_OR(is_choice AND span = 'whole') OVER (PARTITION BY raw_text)
                AND NOT BOOL_OR(is_choice AND span = 'part') OVER (PARTITION BY raw_text, part)
        END
),

-- "설사, G2": a grade that stands alone is that of the words before it.
with_next AS (
    SELECT
        *,
        letters = '' AND has_grade AND reading = 'event' AS is_grade_alone,
        LEAD(letters = '' AND has_grade AND reading = 'event') OVER in_text AS is_grade_next,
        LEAD(grade) OVER in_text AS next_grade,
        LEAD(milder_grade) OVER in_text AS next_milder_grade
    FROM chosen
    WINDOW in_text AS (PARTITION BY raw_text ORDER BY part, piece)
),

graded AS (
    SELECT
        * EXCLUDE (grade, milder_grade, has_grade),
        CASE WHEN is_grade_next AND NOT has_grade THEN next_grade ELSE grade END AS grade,
        CASE WHEN is_grade_next AND NOT has_grade THEN next_milder_grade ELSE milder_grade END AS milder_grade,
        has_grade OR COALESCE(is_grade_next, FALSE) AS has_grade
    FROM with_next
    WHERE NOT (is_grade_alone AND part > 1)
),

-- What denies or doubts may speak of its neighbours too, unless they have a grade: "no nausea, vomiting, or diarrhea"
-- denies three events, "오심/구토 부인" two.
neighbour AS (
    SELECT
        *,
        LAST_VALUE(CASE WHEN is_read_before THEN reading END IGNORE NULLS) OVER (
            PARTITION BY raw_text ORDER BY part, piece ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS said_earlier_in_text,
        LAST_VALUE(CASE WHEN is_read_before THEN reading END IGNORE NULLS) OVER (
            PARTITION BY raw_text, part ORDER BY piece ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS said_earlier_in_part,
        FIRST_VALUE(CASE WHEN is_read_after THEN reading END IGNORE NULLS) OVER (
            PARTITION BY raw_text, part ORDER BY piece ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS said_later_in_part,
        COUNT(grade) OVER (
            PARTITION BY raw_text ORDER BY part, piece ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS grades_so_far,
        COUNT(grade) OVER (PARTITION BY raw_text, part) AS grades_in_part,
        LAST_VALUE(grade) OVER whole_part AS last_grade,
        LAST_VALUE(milder_grade) OVER whole_part AS last_milder_grade
    FROM graded
    WINDOW whole_part AS (
        PARTITION BY raw_text, part ORDER BY piece ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),

read AS (
    SELECT
        raw_text,
        part,
        piece,
        phrase,
        letters,
        COALESCE(grade, CASE WHEN grades_in_part = 1 THEN last_grade END) AS grade,
        CASE WHEN grade IS NULL AND grades_in_part = 1 THEN last_milder_grade ELSE milder_grade END AS milder_grade,
        grades_in_part = 1 AND last_grade IS NOT NULL AND (span = 'piece' OR terms > 1) AS is_grade_shared,
        has_grade,
        is_nothing,
        CASE
            WHEN reading <> 'event' OR is_affirmed THEN reading
            WHEN grades_so_far = 0 AND said_earlier_in_text = 'negated' THEN 'negated'
            WHEN grades_in_part = 0 THEN COALESCE(said_earlier_in_part, said_later_in_part, 'event')
            ELSE 'event'
        END AS reading
    FROM neighbour
),

unlisted_key AS (
    SELECT DISTINCT read.letters
    FROM read
    LEFT JOIN spelling_key ON read.letters = spelling_key.letters
    WHERE spelling_key.letters IS NULL AND read.letters <> '' AND read.reading <> 'disease' AND NOT read.is_nothing
),

likeness AS (
    SELECT
        unlisted_key.letters,
        spelling.term,
        MAX(JARO_WINKLER_SIMILARITY(unlisted_key.letters, spelling.letters)) AS likeness
    FROM unlisted_key
    INNER JOIN clinical_step.event_spelling AS spelling
        ON JARO_WINKLER_SIMILARITY(unlisted_key.letters, spelling.letters) >= 0.8
    GROUP BY unlisted_key.letters, spelling.term
),

nearest AS (
    SELECT
        letters,
        ARRAY_TO_STRING(LIST(term ORDER BY likeness DESC, term ASC)[:3], '; ') AS nearest
    FROM likeness
    GROUP BY letters
)

SELECT
    read.raw_text,
    ROW_NUMBER() OVER (PARTITION BY read.raw_text ORDER BY read.part, read.piece, spelling.term) AS ordinal,
    COUNT(*) OVER (PARTITION BY read.raw_text) AS events_in_text,
    read.phrase AS words,
    spelling.term,
    read.reading,
    CAST(read.grade AS INTEGER) AS grade,
    CAST(read.milder_grade AS INTEGER) AS milder_grade,
    read.is_grade_shared,
    BOOL_OR(read.has_grade) OVER (PARTITION BY read.raw_text) AS has_grade_in_text,
    read.is_nothing,
    nearest.nearest
FROM read
LEFT JOIN clinical_step.event_spelling AS spelling
    ON read.letters = spelling.letters AND read.reading <> 'disease'
LEFT JOIN nearest ON read.letters = nearest.letters
