-- What each part of a text says, by the order of what it is made of: which grade and which reading its names have. Every
-- order that means something is written down here; a part in another order, or with words in no list, is asked about.
-- @raw_text: The text as reported.
-- @sentence: Number of the sentence, line or item of a list.
-- @clause: Number of the clause: a sentence, or what 'but' separates in it.
-- @part: Number of the part in the text.
-- @words: The words of the part.
-- @names: How many names of events the part has.
-- @shape: The marks of its words in order, without those that never decide: particles, measures, sites, brackets.
-- @reading: Of its names: event, negated, doubtful, history or disease; of a part without names what it says in general,
--   nothing or disease; empty where the part says neither.
-- @is_asked: Not everything in the part is accounted for.
-- @is_bare: Names and nothing else, so that what is said before or behind a list may be said of them too.
-- @says_before: What the part says of its names and of a list that follows; denied or doubted.
-- @says_after: What it says of its names and of a list that goes before.
-- @grades: The grades in it, from both ends of a range.
-- @is_graded: There is a grade in it.
-- @grade_is_for: all, each (the name before it), or attached (a part without a name: the name before).
-- @is_worsened: It says that something became worse.
WITH reduced AS (
    SELECT
        *,
        CASE
            WHEN mark = 'q' AND depth > 0 THEN 'm'
            WHEN mark = 'b' AND depth > 0 THEN 'x'
            WHEN mark IN ('X', 'c') THEN 'c'
            WHEN mark = 'E' THEN 'Z'
            ELSE mark
        END AS letter,
        COALESCE(
            LIST_HAS_ANY(terms, (SELECT LIST(word) FROM reference.event_word WHERE kind = 'with site')), FALSE
        ) AS is_unsited,
        COALESCE(
            LIST_HAS_ANY(terms, (SELECT LIST(word) FROM reference.event_word WHERE kind = 'counted')), FALSE
        ) AS is_countable,
        COALESCE(LIST_HAS_ANY(terms, (SELECT LIST(term) FROM reference.lab_term)), FALSE) AS is_laboratory,
        COALESCE(LIST_HAS_ANY(terms, ['Portal vein thrombosis', 'Thromboembolic event']), FALSE) AS is_thrombus
    FROM clinical_step.event_part
),

named_outside AS (
    SELECT
        *,
        FLATTEN(LIST(terms) FILTER (WHERE mark = 'n' AND depth <= 0) OVER (PARTITION BY raw_text, part)) AS terms_outside,
        BOOL_OR(mark IN ('T', 'k')) OVER (PARTITION BY raw_text) AS is_tumour_in_text
    FROM reduced
),

part AS (
    SELECT
        raw_text,
        MIN(sentence) AS sentence,
        MIN(clause) AS clause,
        part,
        STRING_AGG(words, ' ' ORDER BY place) FILTER (WHERE words NOT IN (',', ';', '⟨;⟩', '⦅', '⦆')) AS words,
        -- A second name in brackets says the same again, or is asked about.
        COALESCE(
            STRING_AGG(
                CASE WHEN mark = 'n' AND depth > 0 AND LEN(terms_outside) > 0 THEN '' ELSE letter END, '' ORDER BY place
            ) FILTER (WHERE letter NOT IN ('p', 'l', '(', ')', ',', ';', 'm', 'i', 'v')),
            ''
        ) AS shape,
        COUNT(*) FILTER (WHERE mark = 'n' AND NOT (depth > 0 AND COALESCE(LEN(terms_outside), 0) > 0)) AS names,
        COUNT(DISTINCT terms) FILTER (WHERE mark = 'n') AS different_names,
        COALESCE(BOOL_OR(mark = 'n' AND depth > 0 AND LEN(terms_outside) > 0 AND NOT LIST_HAS_ALL(terms_outside, terms)), FALSE)
            AS has_other_name_in_brackets,
        COALESCE(BOOL_OR(mark = 'm'), FALSE) AS has_measure,
        COALESCE(BOOL_OR(mark = 'i'), FALSE) AS has_site,
        COALESCE(BOOL_OR(mark = 'v'), FALSE) AS has_severity,
        COALESCE(BOOL_OR(is_unsited), FALSE) AS has_unsited,
        COALESCE(BOOL_OR(is_countable), FALSE) AS has_countable,
        COALESCE(BOOL_OR(is_laboratory), FALSE) AS has_laboratory,
        COALESCE(BOOL_OR(is_thrombus), FALSE) AS has_thrombus,
        BOOL_OR(is_tumour_in_text) AS has_tumour_in_text,
        MAX(LEN(terms)) FILTER (WHERE mark = 'n') AS terms_of_a_name,
        BOOL_OR(mark = 'j' AND words NOT IN ('/', '+', '&')) AS has_and,
        ARG_MAX(words, place) FILTER (WHERE mark = 's') AS signs,
        COUNT(*) FILTER (WHERE mark = 's') AS sign_groups,
        MIN(place) FILTER (WHERE mark = 'N') AS denied_from,
        STRING_AGG(words, ' ' ORDER BY place) FILTER (WHERE mark IN ('g', 'b')) AS grade_words
    FROM named_outside
    GROUP BY raw_text, part
),

shaped AS (
    SELECT
        *,
        -- Headings and words for adverse events as such, in front of names, say nothing of these.
        REGEXP_REPLACE(
            CASE WHEN names > 0 THEN REGEXP_REPLACE(REPLACE(shape, 'h', ''), '^0+(.*n)', '\1') ELSE shape END,
            '^j+|j+$', '', 'g'
        ) AS joined_form,
        -- A number without a unit belongs to a laboratory result or to a dose.
        REPLACE(joined_form, 'q', CASE WHEN has_laboratory OR joined_form LIKE '%t%' THEN '' ELSE 'x' END) AS form,
        REGEXP_EXTRACT_ALL(
            REGEXP_REPLACE(grade_words, '⟨[gb]', ' ', 'g'),
            '[0-9]+(?:[.][0-9]+)?|\b(?:iii|ii|iv|i|v|one|two|three|four|five)\b'
        ) AS numerals
    FROM part
),

judged AS (
    SELECT
        *,
        LENGTH(REGEXP_REPLACE(form, '[^gb]', '', 'g')) AS grade_marks,
        CASE
            WHEN form LIKE '%x%' OR form LIKE '%y%' AND NOT (form LIKE 'y%' OR REGEXP_MATCHES(form, '^n(jn)*[ecwt]*y[ecwtkP]*$'))
                OR has_other_name_in_brackets OR (has_unsited AND has_site) THEN 'asked'
            -- Without a name.
            WHEN names = 0 AND form LIKE '%T%' AND NOT REGEXP_MATCHES(form, '[gbs0f]') THEN 'disease'
            WHEN names = 0 AND REGEXP_MATCHES(form, '[b]') THEN 'asked'
            WHEN names = 0 AND REGEXP_MATCHES(form, '^[ecwt0hkyl]*[NB][ecwt]*g?[ecwtk]*0[ecwtkh0]*$') THEN 'nothing'
            WHEN names = 0 AND REGEXP_MATCHES(form, '^[ecwth]*g?[ecwt0h]*[Zf][ecwtf]*$') AND form LIKE '%0%' THEN 'nothing'
            WHEN names = 0 AND form LIKE '%g%' THEN CASE WHEN REGEXP_MATCHES(form, '^[ecwtf]*g[ecwtgf]*$') THEN 'attached' ELSE 'asked' END
            WHEN names = 0 AND form LIKE '%s%'
                THEN CASE WHEN REGEXP_MATCHES(form, '^[0h]+s[ecwt]*$') AND signs LIKE '⟨s-%' THEN 'nothing' WHEN form = 's' AND signs LIKE '⟨s-%' THEN 'nothing' ELSE 'asked' END
            WHEN names = 0 AND REGEXP_MATCHES(form, '^[ch]*[ZB]$') THEN 'denied before'
            WHEN names = 0 AND REGEXP_MATCHES(form, '^[DQHRNB]+[ecwtk]*k[ecwtk]*$|^[ecwtk]*k[ecwt]*[WQPRZB]?[ecwt]*$') THEN 'other disease'
            WHEN names = 0 AND form LIKE '%y%' THEN 'past'
            WHEN names = 0 AND REGEXP_MATCHES(form, '^[ecwt]*P[ecwt]*$') THEN 'past again'
            WHEN names = 0 AND REGEXP_MATCHES(form, '[NZBDWQHPR]') THEN CASE WHEN REGEXP_MATCHES(form, '^[ecwth]*[tk][ZB]$') THEN '' ELSE 'asked' END
            WHEN names = 0 AND form LIKE '%f%' THEN 'nothing'
            WHEN names = 0 THEN ''
            -- With names.
            WHEN form LIKE '%T%' AND has_thrombus THEN 'disease'
            -- A thrombus of what?
            WHEN has_thrombus AND has_tumour_in_text THEN 'asked'
            WHEN grade_marks > 0 AND LEN(COALESCE(numerals, [])) < grade_marks THEN 'asked'
            -- "amylase/lipase G2/3": a range, or one grade each?
            WHEN grade_words LIKE '%/%' AND (names > 1 OR terms_of_a_name > 1) THEN 'asked'
            -- A bare 5 is rather a count than a death.
            WHEN form LIKE '%b%' AND LIST_HAS_ANY(numerals, ['5', 'v']) THEN 'asked'
            WHEN form LIKE '%b%' AND NOT (
                (REGEXP_MATCHES(form, '^n(jn)*b$') AND NOT (has_countable AND grade_words LIKE '%-%'))
                OR (REGEXP_MATCHES(form, '^nb[ectw]*$') AND grade_words LIKE '%-%' AND NOT has_countable)
            ) THEN 'asked'
            WHEN REGEXP_MATCHES(form, '^[ecwtk]*n(jn)*[ecwt]*s[ecwt]*g?[ecwt]*$') AND sign_groups = 1 THEN 'signed'
            WHEN form LIKE '%s%' THEN 'asked'
            WHEN NOT REGEXP_MATCHES(form, '[NZBDWQHPRy]')
                THEN CASE
                    WHEN form LIKE '%f%' AND grade_marks = 0 THEN 'asked'
                    WHEN form LIKE '%0%' THEN 'asked'
                    WHEN grade_marks = 0 THEN 'event'
                    WHEN different_names = 1 THEN 'event'
                    WHEN REGEXP_MATCHES(form, '^[ecwtk]*n(jn)+[ecwt]*[gb][ecwt]*$|^[ecwt]*gn(jn)+[ecwtk]*$') THEN 'event'
                    ELSE 'asked'
                END
            -- Said that it was there, and is not any more.
            WHEN REGEXP_MATCHES(form, '^[ecwt]*n(jn)*[ecwt]*g[ecwtg]*[cew][ecwt]*[ZB]$|^[ecwt]*n(jn)*[ecwt]*[ewt][ecwt]*c[ecwt]*[ZB]$') THEN 'event'
            -- Something else is denied: an admission, other adverse events.
            WHEN REGEXP_MATCHES(form, '^[ecwt]*n(jn)*[ecwt]*g?[ecwt]*tZ[ecwt]*$|^[ecwt]*n(jn)*[ecwt]*g[ecwt]*0+Z$') THEN 'event'
            WHEN REGEXP_MATCHES(form, '^c*n(jn)*c*e?[ZB][tk]*$') AND NOT has_severity AND NOT has_measure THEN 'denied after'
            WHEN REGEXP_MATCHES(form, '^c*[NB]n(jn)*[ect]*$') AND NOT has_severity THEN 'denied before list'
            WHEN REGEXP_MATCHES(form, '^[ecwt]*n(jn)*[ecwt]*g?[ecwt]*Nn(jn)*$') THEN 'denied second'
            WHEN REGEXP_MATCHES(form, '^[ct]*[DQ][ct]*n(jn)*[ctk]*g?[ctk]*$') THEN 'doubted before'
            WHEN REGEXP_MATCHES(form, '^[ctk]*n(jn)*[ct]*g?[ct]*[WQ][ctk]*$') THEN 'doubted after'
            WHEN REGEXP_MATCHES(form, '^[ecwtk]*[HR][ct]*n(jn)*[ecwtk]*$') AND form LIKE '%w%' THEN 'worse than before'
            WHEN REGEXP_MATCHES(form, '^[ct]*[HRy]+[ct]*n(jn)*[ctke]*$') THEN 'past before'
            WHEN REGEXP_MATCHES(form, '^[ct]*n(jn)*[ct]*[PRy]+[ectkP]*$') THEN 'past after'
            ELSE 'asked'
        END AS said
    FROM shaped
)

SELECT
    raw_text,
    sentence,
    clause,
    part,
    words,
    CAST(names AS INTEGER) AS names,
    form AS shape,
    said,
    signs,
    numerals,
    grade_words,
    has_and,
    denied_from,
    has_measure OR has_site OR has_severity AS is_noted,
    said = 'event' AND REGEXP_MATCHES(form, '^n(jn)*$') AND NOT has_measure AND NOT has_severity AND NOT has_site AS is_bare,
    REGEXP_MATCHES(form, '[we]') AS is_worsened
FROM judged
