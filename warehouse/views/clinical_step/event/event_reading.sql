-- What each part of a text says, by the order of what it is made of. Every order that means something is written down
-- here; a part in any other order, or with words in no list, is asked about.
-- @raw_text: The text as reported.
-- @sentence: Number of the sentence, line or item of a list.
-- @clause: Number of the clause: a sentence, or what 'but' separates in it.
-- @part: Number of the part in the text.
-- @place: Where its words begin.
-- @words: The words of the part.
-- @name_count: How many names of events the part has.
-- @shape: The marks of its words in order (clinical_step.event_lexicon), without those that never decide: particles,
--   measures, sites, severity, brackets.
-- @said: Of its names: event, signed, denied after, denied before list, denied second (those behind 'without'),
--   doubted before, doubted after, past before, past after, worse than before, disease. Of a part without names:
--   nothing (all is well), denied before (what stands before it), attached (a grade for the name before it), past,
--   past again, disease, other disease; empty where it says none of these. asked: not everything in it is accounted
--   for.
-- @signs: Its signs, as clinical_step.event_marked has them.
-- @numerals: Its grades as written, from both ends of a range.
-- @has_and: Its names are joined by a word and not by a sign.
-- @denied_from: Where 'without' stands.
-- @is_noted: It has a measure, a site or a severity.
-- @is_bare: Names and nothing else, so that what is said before or behind a list may be said of them too.
-- @is_worsened: It says that something became worse.
WITH kind_of_term AS (
    SELECT
        LIST(word) FILTER (WHERE kind = 'with site') AS unsited_terms,
        LIST(word) FILTER (WHERE kind = 'counted') AS counted_terms
    FROM reference.event_word
),

laboratory_term AS (
    SELECT LIST(term) AS terms
    FROM reference.lab_term
),

word_of_part AS (
    SELECT
        event_part.*,
        CASE
            WHEN event_part.mark = 'q' AND event_part.bracket_depth > 0 THEN 'm'
            -- "HFS (2)": a grade, a count or a footnote?
            WHEN event_part.mark = 'b' AND event_part.bracket_depth > 0 THEN 'x'
            WHEN event_part.mark = 'X' THEN 'c'
            WHEN event_part.mark = 'E' THEN 'Z'
            ELSE event_part.mark
        END AS letter,
        LIST_HAS_ANY(event_part.terms, kind_of_term.unsited_terms) AS is_unsited,
        LIST_HAS_ANY(event_part.terms, kind_of_term.counted_terms) AS is_countable,
        LIST_HAS_ANY(event_part.terms, laboratory_term.terms) AS is_laboratory,
        LIST_HAS_ANY(event_part.terms, ['Portal vein thrombosis', 'Thromboembolic event']) AS is_thrombus,
        BOOL_OR(event_part.mark IN ('T', 'k')) OVER (PARTITION BY event_part.raw_text) AS is_tumour_in_text,
        FLATTEN(
            LIST(event_part.terms) FILTER (WHERE event_part.mark = 'n' AND event_part.bracket_depth <= 0)
                OVER (PARTITION BY event_part.raw_text, event_part.part)
        ) AS terms_outside,
        event_part.mark = 'n' AND event_part.bracket_depth > 0 AND COALESCE(LEN(terms_outside), 0) > 0 AS is_name_inside
    FROM clinical_step.event_part AS event_part
    CROSS JOIN kind_of_term
    CROSS JOIN laboratory_term
),

part AS (
    SELECT
        raw_text,
        part,
        MIN(place) AS place,
        MIN(sentence) AS sentence,
        MIN(clause) AS clause,
        STRING_AGG(words, ' ' ORDER BY place) FILTER (WHERE words NOT IN (',', ';', '⟨;⟩', '⦅', '⦆')) AS words,
        STRING_AGG(letter, '' ORDER BY place) FILTER (
            WHERE NOT is_name_inside AND letter NOT IN ('p', 'l', '(', ')', ',', ';', 'm', 'i', 'v')
        ) AS marks,
        COUNT(*) FILTER (WHERE mark = 'n' AND NOT is_name_inside) AS name_count,
        COUNT(DISTINCT terms) FILTER (WHERE mark = 'n') AS different_names,
        MAX(LEN(terms)) FILTER (WHERE mark = 'n') AS terms_of_a_name,
        -- A second name in brackets says the same again, or is asked about.
        COALESCE(BOOL_OR(is_name_inside AND NOT LIST_HAS_ALL(terms_outside, terms)), FALSE) AS has_other_name_inside,
        COALESCE(BOOL_OR(mark = 'm'), FALSE) AS has_measure,
        COALESCE(BOOL_OR(mark = 'i'), FALSE) AS has_site,
        COALESCE(BOOL_OR(mark = 'v'), FALSE) AS has_severity,
        COALESCE(BOOL_OR(mark = 'j' AND words NOT IN ('/', '+', '&')), FALSE) AS has_and,
        COALESCE(BOOL_OR(is_unsited), FALSE) AS has_unsited,
        COALESCE(BOOL_OR(is_countable), FALSE) AS has_countable,
        COALESCE(BOOL_OR(is_laboratory), FALSE) AS has_laboratory,
        COALESCE(BOOL_OR(is_thrombus), FALSE) AS has_thrombus,
        BOOL_OR(is_tumour_in_text) AS has_tumour_in_text,
        ARG_MAX(words, place) FILTER (WHERE mark = 's') AS signs,
        COUNT(*) FILTER (WHERE mark = 's') AS sign_groups,
        MIN(place) FILTER (WHERE mark = 'N') AS denied_from,
        STRING_AGG(words, ' ' ORDER BY place) FILTER (WHERE mark IN ('g', 'b')) AS grade_words
    FROM word_of_part
    GROUP BY raw_text, part
),

shaped AS (
    SELECT
        *,
        REGEXP_REPLACE(
            CASE
                -- Headings, and words for adverse events in front of a name, say nothing of it.
                WHEN name_count > 0 THEN REGEXP_REPLACE(REPLACE(marks, 'h', ''), '^0+(.*n)', '\1')
                ELSE COALESCE(marks, '')
            END,
            '^j+|j+$', '', 'g'
        ) AS joined,
        -- A number without a unit belongs to a laboratory result or to a dose.
        REPLACE(joined, 'q', CASE WHEN has_laboratory OR CONTAINS(joined, 't') THEN '' ELSE 'x' END) AS shape,
        LENGTH(REGEXP_REPLACE(shape, '[^gb]', '', 'g')) AS grade_marks,
        REGEXP_EXTRACT_ALL(
            REGEXP_REPLACE(grade_words, '⟨[gb]', ' ', 'g'),
            '[0-9]+(?:[.][0-9]+)?|\b(?:iii|ii|iv|i|v|one|two|three|four|five)\b'
        ) AS numerals
    FROM part
),

-- What must not be: words in no list, a second event in brackets, a pain with a site, numbers that may be counts.
doubted AS (
    SELECT
        *,
        CONTAINS(shape, 'x')
        OR has_other_name_inside
        OR (has_unsited AND has_site)
        OR (grade_marks > 0 AND COALESCE(LEN(numerals), 0) < grade_marks)
        -- A thrombus of what?
        OR (has_thrombus AND has_tumour_in_text AND NOT CONTAINS(shape, 'T'))
        -- "amylase/lipase G2/3": a range, or one grade each?
        OR (CONTAINS(grade_words, '/') AND (name_count > 1 OR terms_of_a_name > 1))
        -- A bare number is a grade only alone behind names, and a bare 5 is rather a count than a death.
        OR (
            CONTAINS(shape, 'b')
            AND NOT (
                name_count > 0
                AND NOT LIST_HAS_ANY(numerals, ['5', 'v'])
                AND NOT (has_countable AND CONTAINS(grade_words, '-'))
                AND REGEXP_MATCHES(shape, CASE WHEN CONTAINS(grade_words, '-') THEN '^nb[ectw]*$' ELSE '^n(jn)*b$' END)
            )
        ) AS is_unclear
    FROM shaped
),

judged AS (
    SELECT
        *,
        CASE
            WHEN COALESCE(is_unclear, FALSE) THEN 'asked'
            WHEN CONTAINS(shape, 'T') AND has_thrombus THEN 'disease'
            WHEN REGEXP_MATCHES(shape, '^[ecwtk]*n(jn)*[ecwt]*s[ecwt]*g?[ecwt]*$') AND sign_groups = 1 THEN 'signed'
            WHEN CONTAINS(shape, 's') THEN 'asked'
            WHEN NOT REGEXP_MATCHES(shape, '[NZBDWQHPRy]')
                THEN
                    CASE
                        WHEN CONTAINS(shape, '0') OR (CONTAINS(shape, 'f') AND grade_marks = 0) THEN 'asked'
                        WHEN grade_marks = 0 OR different_names = 1 THEN 'event'
                        -- One grade for names that are joined, behind or before them.
                        WHEN REGEXP_MATCHES(shape, '^[ecwtk]*n(jn)+[ecwt]*[gb][ecwt]*$') THEN 'event'
                        WHEN REGEXP_MATCHES(shape, '^[ecwt]*gn(jn)+[ecwtk]*$') THEN 'event'
                        ELSE 'asked'
                    END
            -- It was there, and is not any more.
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*n(jn)*[ecwt]*g[ecwtg]*[cew][ecwt]*[ZB]$') THEN 'event'
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*n(jn)*[ecwt]*[ewt][ecwt]*c[ecwt]*[ZB]$') THEN 'event'
            -- Something else is denied: an admission, other adverse events.
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*n(jn)*[ecwt]*g?[ecwt]*tZ[ecwt]*$') THEN 'event'
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*n(jn)*[ecwt]*g[ecwt]*0+Z$') THEN 'event'
            WHEN REGEXP_MATCHES(shape, '^c*n(jn)*c*e?[ZB][tk]*$') AND NOT has_severity AND NOT has_measure
                THEN 'denied after'
            WHEN REGEXP_MATCHES(shape, '^c*[NB]n(jn)*[ect]*$') AND NOT has_severity THEN 'denied before list'
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*n(jn)*[ecwt]*g?[ecwt]*Nn(jn)*$') THEN 'denied second'
            WHEN REGEXP_MATCHES(shape, '^[ct]*[DQ][ct]*n(jn)*[ctk]*g?[ctk]*$') THEN 'doubted before'
            WHEN REGEXP_MATCHES(shape, '^[ctk]*n(jn)*[ct]*g?[ct]*[WQ][ctk]*$') THEN 'doubted after'
            WHEN REGEXP_MATCHES(shape, '^[ecwtk]*w[ecwtk]*[HR][ct]*n(jn)*[ecwtk]*$') THEN 'worse than before'
            WHEN REGEXP_MATCHES(shape, '^[ct]*[HRy]+[ct]*n(jn)*[ctke]*$') THEN 'past before'
            WHEN REGEXP_MATCHES(shape, '^[ct]*n(jn)*[ct]*[PRy]+[ectkP]*$') THEN 'past after'
            ELSE 'asked'
        END AS said_of_names,
        CASE
            WHEN COALESCE(is_unclear, FALSE) THEN 'asked'
            WHEN CONTAINS(shape, 'T') AND NOT REGEXP_MATCHES(shape, '[gs0f]') THEN 'disease'
            WHEN REGEXP_MATCHES(shape, '^[ecwt0hk]*[NB][ecwt]*g?[ecwtk]*0[ecwtkh0]*$') THEN 'nothing'
            WHEN CONTAINS(shape, '0') AND REGEXP_MATCHES(shape, '^[ecwth]*g?[ecwt0h]*[Zf][ecwtf]*$') THEN 'nothing'
            WHEN REGEXP_MATCHES(shape, '^[ecwtf]*g[ecwtgf]*$') THEN 'attached'
            WHEN CONTAINS(shape, 'g') THEN 'asked'
            WHEN REGEXP_MATCHES(shape, '^(?:[0h]+s[ecwt]*|s)$') AND STARTS_WITH(signs, '⟨s-') THEN 'nothing'
            WHEN CONTAINS(shape, 's') THEN 'asked'
            WHEN REGEXP_MATCHES(shape, '^[ch]*[ZB]$') THEN 'denied before'
            WHEN REGEXP_MATCHES(shape, '^[DQHRNB]+[ecwtk]*k[ecwtk]*$|^[ecwtk]*k[ecwt]*[WQPRZB]?[ecwt]*$')
                THEN 'other disease'
            WHEN CONTAINS(shape, 'y') THEN 'past'
            WHEN REGEXP_MATCHES(shape, '^[ecwt]*P[ecwt]*$') THEN 'past again'
            WHEN REGEXP_MATCHES(shape, '^[ecwth]*[tk][ZB]$') THEN ''
            WHEN REGEXP_MATCHES(shape, '[NZBDWQHPR]') THEN 'asked'
            WHEN CONTAINS(shape, 'f') THEN 'nothing'
            ELSE ''
        END AS said_without_names
    FROM doubted
)

SELECT
    raw_text,
    sentence,
    clause,
    part,
    place,
    words,
    CAST(name_count AS INTEGER) AS name_count,
    shape,
    CASE WHEN name_count > 0 THEN said_of_names ELSE said_without_names END AS said,
    signs,
    numerals,
    has_and,
    denied_from,
    has_measure OR has_site OR has_severity AS is_noted,
    name_count > 0 AND said_of_names = 'event' AND REGEXP_MATCHES(shape, '^n(jn)*$') AND NOT is_noted AS is_bare,
    REGEXP_MATCHES(shape, '[we]') AS is_worsened
FROM judged
