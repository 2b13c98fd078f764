-- Every text of adverse events, each once: the events in it, coded to terms of CTCAE 4.03, with reading and grade.
-- Words that nothing accounts for have no term and the nearest terms next to them; nothing is guessed. A term that is
-- named several times is one event, with the worst of its grades.
-- @raw_text: The text as reported.
-- @ordinal: Number of the event in the text, from 1.
-- @events_in_text: How many events the text has.
-- @words: The words of the event, in small letters, with whatever stands next to it.
-- @term: The CTCAE 4.03 term; empty when not everything in the words is accounted for.
-- @reading: event, negated, doubtful, history or disease (a tumour thrombus is disease).
-- @grade: The grade in the words, the worst of several.
-- @milder_grade: The mildest of them, where they differ.
-- @is_grade_shared: The words have one grade for several events ("오심/구토 G2"), given to each.
-- @has_grade_in_text: Some event of the text has a grade in its words.
-- @is_nothing: The words name no event: they say that there was none, or nothing at all.
-- @is_respelled: The term was found by a spelling that differs in one letter.
-- @nearest: Where the words are in no list: up to three terms whose spellings are most like them.
WITH numeral AS (
    SELECT
        word,
        CAST(meaning AS INTEGER) AS grade
    FROM reference.event_word
    WHERE kind = 'numeral'
    UNION ALL
    SELECT
        CAST(UNNEST(RANGE(100)) AS VARCHAR) AS word,
        UNNEST(RANGE(100)) AS grade
    UNION ALL
    SELECT
        UNNEST(RANGE(6)) || '.0' AS word,
        UNNEST(RANGE(6)) AS grade
),

part_numeral AS (
    SELECT
        raw_text,
        part,
        UNNEST(numerals) AS word
    FROM clinical_step.event_reading
),

part_grade AS (
    SELECT
        part_numeral.raw_text,
        part_numeral.part,
        MAX(numeral.grade) AS worst,
        MIN(numeral.grade) AS mildest,
        COUNT(*) > COUNT(numeral.grade) AS is_unread
    FROM part_numeral
    LEFT JOIN numeral ON part_numeral.word = numeral.word
    GROUP BY part_numeral.raw_text, part_numeral.part
),

graded AS (
    SELECT
        reading.*,
        part_grade.worst,
        part_grade.mildest,
        COALESCE(part_grade.is_unread, FALSE) AS is_unread,
        -- For windows: the part where it has names, and what it says where it is no mere list.
        CASE WHEN reading.name_count > 0 THEN reading.part END AS named_part,
        CASE WHEN reading.name_count > 0 THEN reading.said END AS said_of_names,
        CASE WHEN reading.name_count > 0 THEN reading.is_bare END AS is_named_bare,
        CASE WHEN NOT reading.is_bare THEN reading.said END AS said_of_others,
        CASE WHEN NOT reading.is_bare THEN reading.signs END AS signs_of_others,
        CASE WHEN NOT reading.is_bare THEN reading.shape END AS shape_of_others
    FROM clinical_step.event_reading AS reading
    LEFT JOIN part_grade ON reading.raw_text = part_grade.raw_text AND reading.part = part_grade.part
),

-- What stands around each part.
part AS (
    SELECT
        *,
        LAST_VALUE(named_part IGNORE NULLS) OVER earlier_in_sentence AS named_before,
        LAST_VALUE(said_of_names IGNORE NULLS) OVER earlier AS said_of_name_before,
        LAST_VALUE(is_named_bare IGNORE NULLS) OVER earlier_in_clause AS is_bare_before,
        LAST_VALUE(said_of_others IGNORE NULLS) OVER earlier_in_clause AS said_earlier,
        LAST_VALUE(shape_of_others IGNORE NULLS) OVER earlier_in_clause AS shape_earlier,
        FIRST_VALUE(said_of_others IGNORE NULLS) OVER later_in_clause AS said_later,
        FIRST_VALUE(signs_of_others IGNORE NULLS) OVER later_in_clause AS signs_later,
        LEAD(said = 'asked' AND name_count = 0 AND REGEXP_MATCHES(shape, '[gb]'), 1, FALSE) OVER (
            PARTITION BY raw_text, clause ORDER BY part
        ) AS is_grade_open,
        BOOL_OR(said = 'asked') OVER whole_clause
        AND BOOL_OR(REGEXP_MATCHES(shape, '[NZBDWQHPRy]')) OVER whole_clause AS is_doubt_in_clause,
        BOOL_OR(said = 'past' OR STARTS_WITH(shape, 'y')) OVER earlier AS is_past_before
    FROM graded
    WINDOW
        whole_clause AS (PARTITION BY raw_text, clause),
        earlier AS (PARTITION BY raw_text ORDER BY part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        earlier_in_sentence AS (
            PARTITION BY raw_text, sentence ORDER BY part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        earlier_in_clause AS (
            PARTITION BY raw_text, clause ORDER BY part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        later_in_clause AS (
            PARTITION BY raw_text, clause ORDER BY part ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        )
),

name AS (
    SELECT
        event_part.raw_text,
        event_part.part,
        event_part.place,
        UNNEST(event_part.terms) AS term,
        event_part.is_respelled,
        ROW_NUMBER() OVER (PARTITION BY event_part.raw_text, event_part.part ORDER BY event_part.place) AS number,
        COUNT(*) OVER (PARTITION BY event_part.raw_text, event_part.part) AS names_in_part,
        LEN(event_part.terms) > 1 AS has_several_terms
    FROM clinical_step.event_part AS event_part
    WHERE event_part.mark = 'n'
),

term_in_text AS (
    SELECT
        raw_text,
        COUNT(DISTINCT term) AS terms,
        MIN(part) AS first_part
    FROM name
    GROUP BY raw_text
),

-- A grade that stands without a name is that of the name before it, or of the only one that there is.
attached AS (
    SELECT
        part.raw_text,
        COALESCE(part.named_before, CASE WHEN term_in_text.terms = 1 THEN term_in_text.first_part END) AS part,
        MAX(part.worst) AS worst,
        MIN(part.mildest) AS mildest,
        BOOL_OR(part.is_worsened) AS is_worsened
    FROM part
    INNER JOIN term_in_text ON part.raw_text = term_in_text.raw_text
    WHERE part.said = 'attached'
    GROUP BY ALL
),

joined AS (
    SELECT
        part.*,
        attached.worst AS attached_worst,
        attached.mildest AS attached_mildest,
        COALESCE(attached.is_worsened, FALSE) AS is_attached_worsened,
        term_in_text.terms AS terms_in_text,
        COALESCE(part.said_of_name_before, '') AS before_it,
        COALESCE(part.said_earlier, '') AS earlier,
        COALESCE(part.said_later, '') AS later
    FROM part
    LEFT JOIN attached ON part.raw_text = attached.raw_text AND part.part = attached.part
    LEFT JOIN term_in_text ON part.raw_text = term_in_text.raw_text
),

-- What each part says in its surroundings.
settled AS (
    SELECT
        * EXCLUDE (said),
        CASE
            WHEN is_unread OR (name_count > 0 AND is_grade_open) THEN 'asked'
            -- Without a name.
            WHEN said = 'attached' AND terms_in_text IS NULL AND REGEXP_MATCHES(shape, '^g+$') THEN ''
            WHEN said = 'attached' AND named_before IS NULL AND COALESCE(terms_in_text, 0) <> 1 THEN 'asked'
            WHEN said = 'past again' AND before_it NOT IN ('past before', 'past after') THEN 'asked'
            WHEN said = 'past' AND terms_in_text IS NOT NULL THEN 'asked'
            WHEN
                said = 'denied before' AND before_it <> ''
                AND NOT COALESCE(is_bare_before, FALSE)
                AND NOT (CONTAINS(shape, 'c') AND before_it IN ('event', 'signed'))
                AND before_it NOT IN ('doubted before', 'doubted after')
                THEN 'asked'
            -- With names, and a grade from a part without.
            WHEN attached_worst IS NULL AND NOT is_bare THEN said
            WHEN said = 'worse than before' OR (said IN ('past before', 'past after') AND is_attached_worsened)
                THEN 'event'
            WHEN said IN ('past before', 'past after') THEN 'asked'
            WHEN STARTS_WITH(said, 'denied') AND attached_worst > 0 THEN 'asked'
            WHEN said = 'signed' AND NOT STARTS_WITH(signs, '⟨s+') THEN 'asked'
            WHEN attached_worst IS NOT NULL THEN said
            -- Names and nothing else: what is said around them may be said of them.
            WHEN is_doubt_in_clause THEN 'asked'
            WHEN COALESCE(is_past_before, FALSE) AND earlier <> 'past before' THEN 'asked'
            WHEN later IN ('denied after', 'denied before') THEN 'denied after'
            WHEN later IN ('doubted after', 'past after') THEN 'asked'
            WHEN later = 'signed' AND NOT STARTS_WITH(signs_later, '⟨s+') THEN 'asked'
            WHEN earlier = 'denied before list' THEN 'denied after'
            WHEN earlier = 'past before' AND STARTS_WITH(shape_earlier, 'y') THEN 'past before'
            WHEN earlier IN ('doubted before', 'past before') THEN 'asked'
            ELSE said
        END AS said
    FROM joined
),

read AS (
    SELECT
        name.*,
        settled.words,
        settled.worst,
        settled.mildest,
        -- The last name of a part takes what is attached to it.
        CASE WHEN name.number = name.names_in_part THEN settled.attached_worst END AS attached_worst,
        CASE WHEN name.number = name.names_in_part THEN settled.attached_mildest END AS attached_mildest,
        STRING_SPLIT(REGEXP_REPLACE(settled.signs, '[⟨⟩s\s]', '', 'g'), '/') AS each_sign,
        CASE
            WHEN settled.said <> 'signed' THEN NULL
            WHEN LEN(each_sign) = name.names_in_part THEN each_sign[name.number]
            WHEN LEN(each_sign) = 1 AND NOT COALESCE(settled.has_and, FALSE) THEN each_sign[1]
            WHEN name.names_in_part = 1 AND each_sign = ['+', '-'] THEN '±'
            ELSE 'none for each'
        END AS sign,
        CASE
            WHEN settled.said IN ('event', 'worse than before') THEN 'event'
            WHEN settled.said IN ('denied after', 'denied before list') THEN 'negated'
            WHEN settled.said = 'denied second' AND name.place > settled.denied_from THEN 'negated'
            WHEN settled.said = 'denied second' THEN 'event'
            WHEN settled.said LIKE 'doubted%' THEN 'doubtful'
            WHEN settled.said LIKE 'past%' THEN 'history'
            WHEN settled.said = 'disease' THEN 'disease'
            WHEN sign IS NOT NULL AND REGEXP_MATCHES(sign, '^[+]+$') THEN 'event'
            WHEN sign IS NOT NULL AND REGEXP_MATCHES(sign, '^-+$') AND COALESCE(settled.worst, 0) = 0 THEN 'negated'
            WHEN sign IN ('±', '?') THEN 'doubtful'
            ELSE 'asked'
        END AS reading
    FROM name
    INNER JOIN settled ON name.raw_text = settled.raw_text AND name.part = settled.part
),

asked_part AS (
    SELECT
        raw_text,
        part
    FROM settled
    WHERE said = 'asked'
    UNION
    SELECT
        raw_text,
        part
    FROM read
    WHERE reading = 'asked'
),

merged AS (
    SELECT
        read.raw_text,
        MIN(read.place) AS place,
        ARG_MIN(read.words, read.place) AS words,
        read.term,
        ARG_MIN(read.reading, POSITION(LEFT(read.reading, 2) IN 'ev do hi di ne')) AS reading,
        GREATEST(
            MAX(read.worst) FILTER (WHERE read.reading = 'event'),
            MAX(read.attached_worst) FILTER (WHERE read.reading = 'event')
        ) AS grade,
        LEAST(
            MIN(read.mildest) FILTER (WHERE read.reading = 'event'),
            MIN(read.attached_mildest) FILTER (WHERE read.reading = 'event')
        ) AS mildest,
        BOOL_OR(read.worst IS NOT NULL AND (read.names_in_part > 1 OR read.has_several_terms)) AS is_grade_shared,
        BOOL_OR(read.is_respelled) AS is_respelled
    FROM read
    LEFT JOIN asked_part ON read.raw_text = asked_part.raw_text AND read.part = asked_part.part
    WHERE asked_part.part IS NULL
    GROUP BY read.raw_text, read.term
),

-- What is no event: questions, the tumour, and of a text that names nothing what it says in general.
summed AS (
    SELECT
        settled.raw_text,
        BOOL_OR(settled.said = 'asked') AS is_asked,
        BOOL_OR(settled.said = 'disease' AND settled.name_count = 0) AS is_disease,
        BOOL_OR(settled.said IN ('nothing', 'denied before')) AS says_nothing,
        BOOL_OR(settled.said IN ('other disease', 'past', 'past again')) AS says_past,
        BOOL_AND(REGEXP_MATCHES(settled.shape, '^g*$') AND NOT settled.is_noted) AS is_empty,
        ARG_MIN(settled.words, settled.part) FILTER (WHERE settled.shape <> '' OR settled.is_noted) AS words,
        MAX(settled.worst) AS grade
    FROM settled
    WHERE settled.terms_in_text IS NULL
    GROUP BY settled.raw_text
),

other AS (
    SELECT
        asked_part.raw_text,
        settled.place,
        settled.words,
        'event' AS reading,
        settled.worst AS grade,
        FALSE AS is_nothing
    FROM asked_part
    INNER JOIN settled ON asked_part.raw_text = settled.raw_text AND asked_part.part = settled.part
    UNION ALL
    SELECT
        raw_text,
        place,
        words,
        'disease' AS reading,
        worst AS grade,
        FALSE AS is_nothing
    FROM settled
    WHERE said = 'disease' AND name_count = 0
    UNION ALL
    SELECT
        raw_text,
        0 AS place,
        words,
        CASE WHEN says_nothing THEN 'negated' WHEN says_past THEN 'history' ELSE 'event' END AS reading,
        grade,
        says_nothing OR says_past OR is_empty AS is_nothing
    FROM summed
    WHERE NOT is_asked AND NOT is_disease
),

unlisted AS (
    SELECT DISTINCT
        words,
        REGEXP_REPLACE(words, '⟨[^⟩]*⟩|[^\p{L}\p{N}]', '', 'g') AS letters
    FROM other
    WHERE reading = 'event' AND NOT is_nothing
),

spelling AS (
    SELECT
        letters,
        UNNEST(terms) AS term
    FROM clinical_step.event_lexicon
    WHERE mark = 'n'
),

likeness AS (
    SELECT
        unlisted.words,
        spelling.term,
        MAX(JARO_WINKLER_SIMILARITY(unlisted.letters, spelling.letters)) AS likeness
    FROM unlisted
    INNER JOIN spelling ON JARO_WINKLER_SIMILARITY(unlisted.letters, spelling.letters) >= 0.8
    GROUP BY unlisted.words, spelling.term
),

nearest AS (
    SELECT
        words,
        ARRAY_TO_STRING(LIST(term ORDER BY likeness DESC, term ASC)[:3], '; ') AS nearest
    FROM likeness
    GROUP BY words
),

both_kinds AS (
    SELECT
        raw_text,
        place,
        words,
        term,
        reading,
        grade,
        CASE WHEN mildest < grade THEN mildest END AS milder_grade,
        COALESCE(is_grade_shared, FALSE) AS is_grade_shared,
        FALSE AS is_nothing,
        is_respelled
    FROM merged
    UNION ALL
    SELECT
        raw_text,
        place,
        words,
        NULL AS term,
        reading,
        grade,
        NULL AS milder_grade,
        FALSE AS is_grade_shared,
        is_nothing,
        FALSE AS is_respelled
    FROM other
)

SELECT
    both_kinds.raw_text,
    ROW_NUMBER() OVER (
        PARTITION BY both_kinds.raw_text ORDER BY both_kinds.place, both_kinds.term, both_kinds.words
    ) AS ordinal,
    COUNT(*) OVER (PARTITION BY both_kinds.raw_text) AS events_in_text,
    both_kinds.words,
    both_kinds.term,
    both_kinds.reading,
    CAST(both_kinds.grade AS INTEGER) AS grade,
    CAST(both_kinds.milder_grade AS INTEGER) AS milder_grade,
    both_kinds.is_grade_shared,
    BOOL_OR(both_kinds.grade IS NOT NULL) OVER (PARTITION BY both_kinds.raw_text) AS has_grade_in_text,
    both_kinds.is_nothing,
    both_kinds.is_respelled,
    nearest.nearest
FROM both_kinds
LEFT JOIN nearest ON both_kinds.words = nearest.words AND both_kinds.term IS NULL
