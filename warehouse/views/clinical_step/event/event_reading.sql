-- What each phrase of clinical_step.event_phrase says by itself: the grade in it, whether it denies, doubts or dates
-- back, and the words that are left, which name the event.
-- @phrase: The phrase.
-- @letters: The words left, letters and digits alone; empty when none are.
-- @reading: event, negated, doubtful, history or disease, by the words next to the name (reference.event_word).
-- @is_read_before: That word stands before the name, so that it may speak of what follows too.
-- @is_read_after: That word stands after the name, so that it may speak of what goes before too.
-- @is_affirmed: A word says that the event is there, so that what is said next to it does not speak of it.
-- @grade: The grade in the phrase, the worse one of two; empty when there is none.
-- @milder_grade: The other one of two.
-- @has_grade: There is a grade in the phrase, whether or not one that exists.
-- @is_listed: The words left name a term, or say that there was nothing.
-- @is_nothing: They say that there was nothing.
WITH phrase AS (
    SELECT DISTINCT phrase
    FROM clinical_step.event_phrase
),

spelling_key AS (
    SELECT DISTINCT letters
    FROM clinical_step.event_spelling
),

-- A phrase that is listed as it stands holds no grade and denies nothing: 'Mobitz (type) II', '입맛 없음'.
whole AS (
    SELECT
        phrase.phrase,
        spelling_key.letters IS NOT NULL AS is_whole,
        -- "G2", "Gr II", "grade 3", "Gr 2~3", wherever it stands. A single letter i needs a space: GI is no grade.
        REGEXP_EXTRACT(
            phrase.phrase,
            '(\b(?:(?:nci|ctcae|ctc)[ -]*)*(?:(?:grade|gr)[ .:=-]*([0-9]+|iii|ii|iv|i|v|one|two|three|four|five)'
            || '|g(?:[ .:=-]*([0-9]+|iii|ii|iv)|[ .:=-]+(i|v)))'
            || '(?: *(?:[-~]|to|or) *(?:grade|gr|g)?[ .]*([0-9]+|iii|ii|iv|i|v))?\b)',
            ['whole', 'one', 'second', 'third', 'other']
        ) AS marked,
        -- "2도", "3등급"; 38.5도 is a temperature.
        REGEXP_EXTRACT(
            phrase.phrase,
            '(?:^|[^0-9.a-z])(([1-5]|iii|ii|iv|i|v)(?: *[-~] *([1-5]|iii|ii|iv|i|v))? *(?:도|등급|단계))(?:$|[^\p{L}])',
            ['whole', 'one', 'other']
        ) AS degree
    FROM phrase
    LEFT JOIN spelling_key
        ON REGEXP_REPLACE(phrase.phrase, '[^\p{L}\p{N}]', '', 'g') = spelling_key.letters
),

ungraded AS (
    SELECT
        phrase,
        is_whole,
        CASE
            WHEN is_whole THEN NULL
            WHEN marked['whole'] <> ''
                THEN COALESCE(NULLIF(marked['one'], ''), NULLIF(marked['second'], ''), marked['third'])
            ELSE NULLIF(degree['one'], '')
        END AS first_numeral,
        CASE
            WHEN is_whole THEN NULL
            WHEN marked['whole'] <> '' THEN NULLIF(marked['other'], '')
            ELSE NULLIF(degree['other'], '')
        END AS other_numeral,
        REGEXP_REPLACE(
            CASE
                WHEN is_whole THEN phrase
                WHEN marked['whole'] <> '' THEN REPLACE(phrase, marked['whole'], ' ')
                WHEN degree['whole'] <> '' THEN REPLACE(phrase, degree['whole'], ' ')
                ELSE phrase
            END,
            '^[ .:~]+|^[ .:~-]+ |[ .:~-]+$', '', 'g'
        ) AS words
    FROM whole
),

-- So is what is left without its grade: '입맛 없음 G2'.
without_marked_grade AS (
    SELECT
        ungraded.phrase,
        ungraded.is_whole,
        ungraded.first_numeral,
        ungraded.other_numeral,
        ungraded.words,
        spelling_key.letters IS NOT NULL AS is_name
    FROM ungraded
    LEFT JOIN spelling_key
        ON REGEXP_REPLACE(ungraded.words, '[^\p{L}\p{N}]', '', 'g') = spelling_key.letters
),

word AS (
    SELECT
        place,
        meaning,
        word,
        -- A word in Latin letters ends where a space does; Hangul may be joined: '설사없음'.
        REGEXP_MATCHES(word, '^[a-z]') AS is_latin
    FROM reference.event_word
    WHERE kind = 'reading'
),

said AS (
    SELECT
        without_marked_grade.phrase,
        ARG_MAX(word.word, LENGTH(word.word)) FILTER (WHERE word.place = 'before') AS word_before,
        ARG_MAX(word.meaning, LENGTH(word.word)) FILTER (WHERE word.place = 'before') AS said_before,
        ARG_MAX(word.word, LENGTH(word.word)) FILTER (WHERE word.place = 'after') AS word_after,
        ARG_MAX(word.meaning, LENGTH(word.word)) FILTER (WHERE word.place = 'after') AS said_after,
        MAX(word.meaning) FILTER (WHERE word.place = 'anywhere') AS said_anywhere
    FROM without_marked_grade
    INNER JOIN word
        ON
            CASE
                WHEN word.place = 'anywhere' THEN CONTAINS(without_marked_grade.words, word.word)
                WHEN without_marked_grade.is_name THEN FALSE
                WHEN word.place = 'before' AND word.is_latin
                    THEN STARTS_WITH(without_marked_grade.words || ' ', word.word || ' ')
                WHEN word.place = 'before' THEN STARTS_WITH(without_marked_grade.words, word.word)
                WHEN word.is_latin THEN ENDS_WITH(' ' || without_marked_grade.words, ' ' || word.word)
                ELSE ENDS_WITH(without_marked_grade.words, word.word)
            END
    GROUP BY without_marked_grade.phrase
),

-- "r/o 입맛 없음" doubts a complaint whose name ends in what elsewhere denies one.
heard AS (
    SELECT
        said.phrase,
        said.said_anywhere,
        said.said_before,
        said.word_before,
        CASE WHEN spelling_key.letters IS NULL THEN said.said_after END AS said_after,
        CASE WHEN spelling_key.letters IS NULL THEN said.word_after END AS word_after
    FROM said
    INNER JOIN without_marked_grade ON said.phrase = without_marked_grade.phrase
    LEFT JOIN spelling_key
        ON
            REGEXP_REPLACE(
                SUBSTRING(without_marked_grade.words, 1 + LENGTH(said.word_before)), '[^\p{L}\p{N}]', '', 'g'
            )
            = spelling_key.letters
),

bare AS (
    SELECT
        without_marked_grade.*,
        heard.said_anywhere,
        heard.said_before,
        heard.said_after,
        REGEXP_REPLACE(
            CASE
                -- One word that stands both before and after is the whole phrase.
                WHEN
                    LENGTH(COALESCE(heard.word_before, '')) + LENGTH(COALESCE(heard.word_after, ''))
                    >= LENGTH(without_marked_grade.words)
                    THEN ''
                ELSE SUBSTRING(
                    without_marked_grade.words,
                    1 + LENGTH(COALESCE(heard.word_before, '')),
                    LENGTH(without_marked_grade.words)
                    - LENGTH(COALESCE(heard.word_before, '')) - LENGTH(COALESCE(heard.word_after, ''))
                )
            END,
            '^[ .:~]+|^[ .:~-]+ |[ .:~-]+$', '', 'g'
        ) AS words_left
    FROM without_marked_grade
    LEFT JOIN heard ON without_marked_grade.phrase = heard.phrase
),

-- "설사 2", "diarrhea II-III", or a number alone, as the text of a grade is.
numbered AS (
    SELECT
        *,
        CASE
            WHEN is_name OR first_numeral IS NOT NULL THEN NULL
            ELSE REGEXP_EXTRACT(
                words_left,
                '^(?:(.*[a-z]) +|(.*[^\x00-\x7f]) *)([1-5]|iii|ii|iv|i|v)(?: *[-~] *([1-5]|iii|ii|iv|i|v))?$',
                ['latin', 'korean', 'one', 'other']
            )
        END AS at_the_end,
        CASE
            WHEN first_numeral IS NULL
                THEN REGEXP_EXTRACT(
                    words_left,
                    '^([0-9]+|iii|ii|iv|i|v)(?:[.]0+)?(?: *(?:[-~]|to|or) *([0-9]+|iii|ii|iv|i|v))?$',
                    ['one', 'other']
                )
        END AS alone
    FROM bare
),

named AS (
    SELECT
        phrase,
        said_anywhere,
        said_before,
        said_after,
        COALESCE(first_numeral, NULLIF(at_the_end['one'], ''), NULLIF(alone['one'], '')) AS first_numeral,
        COALESCE(other_numeral, NULLIF(at_the_end['other'], ''), NULLIF(alone['other'], '')) AS other_numeral,
        CASE
            WHEN at_the_end['one'] <> '' THEN at_the_end['latin'] || at_the_end['korean']
            WHEN alone['one'] <> '' THEN ''
            ELSE words_left
        END AS words_left
    FROM numbered
),

numeral AS (
    SELECT
        word,
        CAST(meaning AS INTEGER) AS grade
    FROM reference.event_word
    WHERE kind = 'numeral'
),

counted AS (
    SELECT
        named.phrase,
        named.said_anywhere,
        named.said_before,
        named.said_after,
        named.first_numeral IS NOT NULL AS has_grade,
        COALESCE(first_word.grade, TRY_CAST(named.first_numeral AS INTEGER)) AS first_grade,
        COALESCE(other_word.grade, TRY_CAST(named.other_numeral AS INTEGER)) AS other_grade,
        REGEXP_REPLACE(named.words_left, '[^\p{L}\p{N}]', '', 'g') AS letters,
        TRIM(named.words_left) AS words_left
    FROM named
    LEFT JOIN numeral AS first_word ON named.first_numeral = first_word.word
    LEFT JOIN numeral AS other_word ON named.other_numeral = other_word.word
)

SELECT
    counted.phrase,
    counted.letters,
    CASE
        WHEN counted.said_anywhere IS NOT NULL THEN counted.said_anywhere
        WHEN 'negated' IN (counted.said_before, counted.said_after) THEN 'negated'
        WHEN 'doubtful' IN (counted.said_before, counted.said_after) THEN 'doubtful'
        WHEN 'history' IN (counted.said_before, counted.said_after) THEN 'history'
        ELSE 'event'
    END AS reading,
    COALESCE(counted.said_before, 'event') <> 'event' AS is_read_before,
    COALESCE(counted.said_after, 'event') <> 'event' AS is_read_after,
    COALESCE('event' IN (counted.said_before, counted.said_after), FALSE) AS is_affirmed,
    GREATEST(counted.first_grade, counted.other_grade) AS grade,
    CASE WHEN counted.other_grade IS NOT NULL THEN LEAST(counted.first_grade, counted.other_grade) END AS milder_grade,
    counted.has_grade,
    spelling_key.letters IS NOT NULL OR no_event.word IS NOT NULL OR counted.letters = '' AS is_listed,
    no_event.word IS NOT NULL OR counted.letters = '' AS is_nothing
FROM counted
LEFT JOIN spelling_key ON counted.letters = spelling_key.letters
LEFT JOIN reference.event_word AS no_event
    ON no_event.kind = 'nothing' AND counted.words_left = no_event.word
