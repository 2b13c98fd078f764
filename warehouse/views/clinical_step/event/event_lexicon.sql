-- What the words of a text can be: names of events, laboratory results, readings and remarks, each under the letters
-- that it is found by.
-- @letters: The words in small letters, without spaces, hyphens and full stops.
-- @mark: n name; a laboratory result or sign; u raised, d lowered; N, Z, B denies what follows, what goes before,
--   either; E denies what goes before and ends the clause; D, W, Q doubts it; H, P, R dates it back; T tumour thrombus;
--   0 a word for adverse events as such; f says that all is well; h heading; y heading of what was there before;
--   X but; j joins; l says that all is meant; p particle; v severity; i site; c course; w worse; e present;
--   t treatment or cause; k disease.
-- @terms: Of a name, the CTCAE 4.03 terms that it means.
-- @raised: Of a laboratory result or sign, the terms when it is raised.
-- @lowered: The terms when it is lowered.
-- @related: The terms of both.
WITH reading_word AS (
    SELECT
        word,
        CASE
            WHEN meaning = 'event' THEN 'e'
            WHEN meaning = 'disease' THEN 'T'
            WHEN COUNT(DISTINCT place) > 1 THEN SUBSTRING('BQR', POSITION(LEFT(meaning, 1) IN 'ndh'), 1)
            WHEN MIN(place) = 'ends' THEN 'E'
            WHEN MIN(place) = 'before' THEN SUBSTRING('NDH', POSITION(LEFT(meaning, 1) IN 'ndh'), 1)
            ELSE SUBSTRING('ZWP', POSITION(LEFT(meaning, 1) IN 'ndh'), 1)
        END AS mark
    FROM reference.event_word
    WHERE kind = 'reading'
    GROUP BY word, meaning
),

remark AS (
    SELECT
        words,
        CASE kind
            WHEN 'raised' THEN 'u'
            WHEN 'lowered' THEN 'd'
            WHEN 'but' THEN 'X'
            WHEN 'particle' THEN 'p'
            WHEN 'join' THEN 'j'
            WHEN 'all' THEN 'l'
            WHEN 'severity' THEN 'v'
            WHEN 'site' THEN 'i'
            WHEN 'course' THEN 'c'
            WHEN 'worse' THEN 'w'
            WHEN 'present' THEN 'e'
            WHEN 'treatment' THEN 't'
            WHEN 'disease' THEN 'k'
            WHEN 'heading' THEN 'h'
            WHEN 'past heading' THEN 'y'
            WHEN 'nothing' THEN 'f'
        END AS mark
    FROM reference.event_remark
),

entry AS (
    SELECT
        spelling AS listed_as,
        'n' AS mark,
        1 AS rank
    FROM clinical_step.event_spelling
    UNION
    SELECT
        spelling AS listed_as,
        'a' AS mark,
        2 AS rank
    FROM reference.event_analyte
    UNION
    SELECT
        word AS listed_as,
        mark,
        3 AS rank
    FROM reading_word
    UNION
    SELECT
        word AS listed_as,
        '0' AS mark,
        4 AS rank
    FROM reference.event_word
    WHERE kind = 'nothing'
    UNION
    SELECT
        words AS listed_as,
        mark,
        5 AS rank
    FROM remark
),

-- A spelling is found with its slashes, commas and brackets, and without them.
lettered AS (
    SELECT
        entry.*,
        REGEXP_REPLACE(
            TRANSLATE(event_plain.plain_text, '()[]', '⦅⦆⦅⦆'), '[\s.''_-]', '', 'g'
        ) AS with_punctuation,
        event_plain.letters AS letters_alone
    FROM entry
    INNER JOIN clinical_step.event_plain AS event_plain
        ON entry.listed_as = event_plain.raw_text AND NOT event_plain.is_text
),

found AS (
    SELECT
        with_punctuation AS letters,
        listed_as,
        mark,
        rank
    FROM lettered
    UNION
    SELECT
        letters_alone AS letters,
        listed_as,
        mark,
        rank
    FROM lettered
    WHERE rank <= 2
),

marked AS (
    SELECT
        letters,
        ARG_MIN(mark, (rank, mark)) AS mark
    FROM found
    WHERE letters <> ''
    GROUP BY letters
),

term_of AS (
    SELECT
        spelling AS listed_as,
        'n' AS mark,
        NULL AS direction,
        term
    FROM clinical_step.event_spelling
    UNION ALL
    SELECT
        spelling AS listed_as,
        'a' AS mark,
        direction,
        term
    FROM reference.event_analyte
)

SELECT
    marked.letters,
    marked.mark,
    LIST(DISTINCT term_of.term ORDER BY term_of.term) FILTER (WHERE term_of.direction IS NULL AND marked.mark = 'n')
        AS terms,
    LIST(DISTINCT term_of.term ORDER BY term_of.term) FILTER (
        WHERE term_of.direction = 'raised'
    ) AS raised,
    LIST(DISTINCT term_of.term ORDER BY term_of.term) FILTER (
        WHERE term_of.direction = 'lowered'
    ) AS lowered,
    LIST(DISTINCT term_of.term ORDER BY term_of.term) FILTER (WHERE term_of.term <> '') AS related
FROM marked
INNER JOIN found ON marked.letters = found.letters AND marked.mark = found.mark
LEFT JOIN term_of ON found.listed_as = term_of.listed_as AND found.mark = term_of.mark
GROUP BY marked.letters, marked.mark
