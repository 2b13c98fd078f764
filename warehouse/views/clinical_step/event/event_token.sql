-- Each text of an adverse event as the words and marks that it is made of, in order. From the left, the longest listed
-- words are taken; Latin words are taken whole, Hangul may be joined. What is in no list stays as a letter or word of
-- its own. A Latin word in no list that differs in one letter from one listed word is taken for it.
-- @raw_text: The text as reported.
-- @place: Where the words begin, in letters; the order of the words.
-- @words: The words or the mark, as clinical_step.event_marked has them.
-- @mark: What they are, as in clinical_step.event_lexicon; and g grade, b number that may be a grade, q other number,
--   m measure, s signs, ( and ) brackets, a comma, ; the end of a clause, x in no list.
-- @terms: Of a name, the CTCAE 4.03 terms that it means.
-- @raised: Of a laboratory result or sign, the terms when it is raised.
-- @lowered: The terms when it is lowered.
-- @related: The terms of both.
-- @is_respelled: A letter of the words was changed.
WITH cut AS (
    SELECT
        raw_text,
        REGEXP_EXTRACT_ALL(
            marked_text,
            '⟨[^⟩]*⟩|[\p{Latin}]+|[0-9]+(?:[.,][0-9]+)?|\p{Hangul}|[^\s.''_-]'
        ) AS atoms
    FROM clinical_step.event_marked
),

atom AS (
    SELECT
        raw_text,
        UNNEST(atoms) AS written,
        GENERATE_SUBSCRIPTS(atoms, 1) AS number
    FROM cut
),

-- Every Latin word of the lists.
vocabulary AS (
    SELECT DISTINCT UNNEST(REGEXP_EXTRACT_ALL(plain_text, '[\p{Latin}]+')) AS word
    FROM clinical_step.event_plain
    WHERE NOT is_text
),

misspelled AS (
    SELECT DISTINCT atom.written
    FROM atom
    LEFT JOIN vocabulary ON atom.written = vocabulary.word
    WHERE vocabulary.word IS NULL AND LENGTH(atom.written) >= 6 AND REGEXP_MATCHES(atom.written, '^[a-z]+$')
),

respelled AS (
    SELECT
        misspelled.written,
        MIN(vocabulary.word) AS word
    FROM misspelled
    INNER JOIN vocabulary
        ON
            LEFT(misspelled.written, 1) = LEFT(vocabulary.word, 1)
            AND LENGTH(vocabulary.word) >= 7
            AND ABS(LENGTH(vocabulary.word) - LENGTH(misspelled.written)) <= 1
            AND DAMERAU_LEVENSHTEIN(misspelled.written, vocabulary.word) = 1
    GROUP BY misspelled.written
    HAVING COUNT(*) = 1
),

placed AS (
    SELECT
        atom.raw_text,
        COALESCE(respelled.word, atom.written) AS atom_text,
        respelled.word IS NOT NULL AS is_respelled,
        CAST(SUM(LENGTH(atom_text)) OVER (PARTITION BY atom.raw_text ORDER BY atom.number) AS BIGINT) AS ends,
        ends - LENGTH(atom_text) AS begins,
        STRING_AGG(atom_text, '') OVER (
            PARTITION BY atom.raw_text ORDER BY atom.number ROWS BETWEEN CURRENT ROW AND 15 FOLLOWING
        ) AS next_letters
    FROM atom
    LEFT JOIN respelled ON atom.written = respelled.written
),

-- With which two letters listed words begin, and how long they are.
beginning AS (
    SELECT DISTINCT
        LEFT(letters, 2) AS first_letters,
        LENGTH(letters) AS letters_long
    FROM clinical_step.event_lexicon
),

candidate AS (
    SELECT
        raw_text,
        begins,
        next_letters,
        UNNEST([LEFT(next_letters, 2), LEFT(next_letters, 1)]) AS first_letters
    FROM placed
),

longest AS (
    SELECT
        candidate.raw_text,
        candidate.begins,
        MAX(candidate.begins + beginning.letters_long) AS ends
    FROM candidate
    INNER JOIN beginning ON candidate.first_letters = beginning.first_letters
    INNER JOIN clinical_step.event_lexicon AS lexicon
        ON LEFT(candidate.next_letters, beginning.letters_long) = lexicon.letters
    INNER JOIN placed AS last_one
        ON
            candidate.raw_text = last_one.raw_text
            AND candidate.begins + beginning.letters_long = last_one.ends
    GROUP BY candidate.raw_text, candidate.begins
),

step AS (
    SELECT
        placed.raw_text,
        placed.begins,
        COALESCE(longest.ends, placed.ends) AS ends,
        placed.is_respelled,
        LEFT(placed.next_letters, COALESCE(longest.ends, placed.ends) - placed.begins) AS words,
        longest.ends IS NOT NULL AS is_listed
    FROM placed
    LEFT JOIN longest ON placed.raw_text = longest.raw_text AND placed.begins = longest.begins
),

-- From the left: a step begins where the one before has ended. The linter knows no lambda.
walked AS (
    SELECT
        raw_text,
        LIST_REDUCE(  -- noqa: PRS,CP02
            LIST({'ends': ends, 'taken': [begins], 'begins': begins} ORDER BY begins),
            LAMBDA so_far, next_one: CASE
                WHEN next_one.begins >= so_far.ends
                    THEN {
                        'ends': next_one.ends,
                        'taken': LIST_APPEND(so_far.taken, next_one.begins),
                        'begins': next_one.begins
                    }
                ELSE so_far
            END
        ).taken AS taken
    FROM step
    GROUP BY raw_text
),

taken AS (
    SELECT
        raw_text,
        UNNEST(taken) AS begins
    FROM walked
)

SELECT
    step.raw_text,
    step.begins AS place,
    step.words,
    CASE
        WHEN lexicon.mark IS NOT NULL THEN lexicon.mark
        WHEN REGEXP_MATCHES(step.words, '^⟨[gbms;]') THEN SUBSTRING(step.words, 2, 1)
        WHEN REGEXP_MATCHES(step.words, '^(?:[0-5]|iii|ii|iv|i|v)$') THEN 'b'
        WHEN REGEXP_MATCHES(step.words, '^[0-9.,]+$') AND LENGTH(step.words) > 0 AND step.words <> ',' THEN 'q'
        WHEN step.words IN (';', '|', '。', '!') THEN ';'
        WHEN step.words = '⦅' THEN '('
        WHEN step.words = '⦆' THEN ')'
        WHEN step.words = ',' THEN ','
        WHEN step.words IN ('(', ')', '[', ']') THEN 'p'
        ELSE 'x'
    END AS mark,
    lexicon.terms,
    lexicon.raised,
    lexicon.lowered,
    lexicon.related,
    step.is_respelled
FROM step
INNER JOIN taken ON step.raw_text = taken.raw_text AND step.begins = taken.begins
LEFT JOIN clinical_step.event_lexicon AS lexicon ON step.is_listed AND step.words = lexicon.letters
