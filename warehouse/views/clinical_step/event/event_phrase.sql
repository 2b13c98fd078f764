-- The texts of adverse events and of grades, each once, cut into what may be one event: the whole text, its parts
-- between commas, and the pieces of these between a slash, a plus sign, 'and' or '및'.
-- clinical_step.event_text chooses between them, so that N/V is two events and 'hand and foot syndrome' one.
-- @raw_text: The text as reported.
-- @span: whole, part or piece; grade for the text of a grade.
-- @part: Number of the part, from 1; 0 for the whole text.
-- @piece: Number of the piece in its part, from 1; 0 for the whole part.
-- @phrase: The words, in small letters, with plain punctuation.
WITH recorded AS (
    SELECT
        COALESCE(verbatim_text, hospital_term) AS raw_text,
        FALSE AS is_grade
    FROM clinical_step.event_record
    UNION
    SELECT
        grade_text AS raw_text,
        TRUE AS is_grade
    FROM clinical_step.event_record
),

-- One letter for what looks alike, with composed Hangul: charts come from many keyboards.
plain AS (
    SELECT
        raw_text,
        is_grade,
        TRANSLATE(
            LOWER(NFC_NORMALIZE(raw_text)),
            '（）［］【】{}，、；：／＋－–—−‐∼〜～→？．·ㆍ・＆０１２３４５６７８９',
            '()[][]()' || ',,;:/+-----~~~~?.///&0123456789'
        ) AS of_one_letter,
        REPLACE(REPLACE(REPLACE(of_one_letter, 'ⅰ', ' i'), 'ⅱ', ' ii'), 'ⅲ', ' iii') AS to_three,
        REPLACE(REPLACE(REPLACE(to_three, 'ⅳ', ' iv'), 'ⅴ', ' v'), '->', '~') AS plain_text
    FROM recorded
    WHERE raw_text IS NOT NULL
),

-- Signs and names whose slash, plus sign or 'and' parts nothing.
spelled_out AS (
    SELECT
        raw_text,
        is_grade,
        -- "두통(-) 설사(+)": a sign ends what it speaks of.
        REGEXP_REPLACE(plain_text, '([\p{L}\p{N}] *[(\[] *[-+]+ *[)\]]) *(\p{L})', '\1; \2', 'g') AS parted,
        -- "HFS(-)", "N/V(-/-)", "HFS -"
        REGEXP_REPLACE(
            parted, '[(\[]\s*-+(?:\s*/\s*-+)*\s*[)\]]|(?:^|\s)-+(?:/-+)*\s*($|[,;])', ' denied \1', 'g'
        ) AS without_minus,
        REGEXP_REPLACE(without_minus, '[(\[]\s*[+]+\s*[)\]]', ' present ', 'g') AS without_plus,
        REGEXP_REPLACE(without_plus, '[(\[]\s*(?:[+]/-|±|\?)\s*[)\]]|\?', ' possible ', 'g') AS without_signs,
        REGEXP_REPLACE(without_signs, '\br\s*/\s*o\b', 'rule out', 'g') AS without_ro,
        REGEXP_REPLACE(without_ro, '\bh\s*/\s*o\b', 'history of', 'g') AS without_ho,
        REGEXP_REPLACE(without_ho, '\bw\s*/\s*o\b', 'without', 'g') AS without_wo,
        REGEXP_REPLACE(without_wo, '\bc\s*/\s*o\b', 'complains of', 'g') AS without_co,
        REGEXP_REPLACE(without_co, '\bhand *(?:and|&|/) *foot\b', 'hand foot', 'g') AS with_hand_foot,
        REGEXP_REPLACE(with_hand_foot, '\bn *[/&] *v\b', 'nv', 'g') AS with_nausea_vomiting,
        -- "G II/III" is a range, as "G II-III" is.
        REGEXP_REPLACE(
            with_nausea_vomiting,
            '\b((?:grade|gr|g)?[. ]*(?:[1-5]|i{1,3}|iv|v))\s*/\s*((?:grade|gr|g)?[. ]*(?:[1-5]|i{1,3}|iv|v))\b',
            '\1~\2', 'g'
        ) AS plain_text
    FROM plain
),

-- Brackets hold remarks: they are opened, and what separates within them separates no events.
opened AS (
    SELECT
        raw_text,
        is_grade,
        REGEXP_REPLACE(plain_text, '([(\[][^()\[\]]*)[,;/&+]([^()\[\]]*[)\]])', '\1 \2', 'g') AS joined_once,
        REGEXP_REPLACE(joined_once, '([(\[][^()\[\]]*)[,;/&+]([^()\[\]]*[)\]])', '\1 \2', 'g') AS joined_twice,
        REGEXP_REPLACE(joined_twice, '[()\[\]]', ' ', 'g') AS plain_text
    FROM spelled_out
),

part AS (
    SELECT
        raw_text,
        plain_text,
        UNNEST(REGEXP_SPLIT_TO_ARRAY(plain_text, '\s*[,;|\n\r]\s*(?:(?:and|or|및)\s+)?')) AS words,
        GENERATE_SUBSCRIPTS(REGEXP_SPLIT_TO_ARRAY(plain_text, '\s*[,;|\n\r]\s*(?:(?:and|or|및)\s+)?'), 1) AS place
    FROM opened
    WHERE NOT is_grade
),

piece AS (
    SELECT
        raw_text,
        place AS part,
        UNNEST(REGEXP_SPLIT_TO_ARRAY(words, '\s*[/&+]\s*|\s+(?:and|or)\s+|\s*\s및\s*')) AS words,
        GENERATE_SUBSCRIPTS(REGEXP_SPLIT_TO_ARRAY(words, '\s*[/&+]\s*|\s+(?:and|or)\s+|\s*\s및\s*'), 1) AS place
    FROM part
),

phrase AS (
    SELECT
        raw_text,
        CASE WHEN is_grade THEN 'grade' ELSE 'whole' END AS span,
        0 AS part,
        0 AS piece,
        plain_text AS words
    FROM opened
    UNION ALL
    SELECT
        raw_text,
        'part' AS span,
        place AS part,
        0 AS piece,
        words
    FROM part
    UNION ALL
    SELECT
        raw_text,
        'piece' AS span,
        part,
        place AS piece,
        words
    FROM piece
)

SELECT
    raw_text,
    span,
    part,
    piece,
    -- A hyphen that leads a number stays: -1 is no grade.
    REGEXP_REPLACE(REGEXP_REPLACE(words, '\s+', ' ', 'g'), '^[ .:~]+|^[ .:~-]+ |[ .:~-]+$', '', 'g') AS phrase
FROM phrase
WHERE span IN ('whole', 'grade') OR REGEXP_MATCHES(words, '[\p{L}\p{N}]')
