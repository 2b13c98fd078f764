-- Texts of adverse events, listed spellings and listed words, each once, in one plain form: case, width, look-alike
-- letters and signs. Whatever is compared with a list has gone through here.
-- @raw_text: As reported, or as listed.
-- @is_text: It is to be read as a text; else it is compared as it stands: a listed word, a term or a grade of its own.
-- @plain_text: In small letters, with plain punctuation and one character for what looks alike.
-- @letters: Its letters and digits alone.
WITH written AS (
    SELECT
        COALESCE(verbatim_text, hospital_term) AS raw_text,
        TRUE AS is_text
    FROM clinical_step.event_record
    UNION
    SELECT
        hospital_term AS raw_text,
        FALSE AS is_text
    FROM clinical_step.event_record
    UNION
    SELECT
        grade_text AS raw_text,
        FALSE AS is_text
    FROM clinical_step.event_record
    UNION
    SELECT
        spelling AS raw_text,
        FALSE AS is_text
    FROM clinical_step.event_spelling
    UNION
    SELECT
        word AS raw_text,
        FALSE AS is_text
    FROM reference.event_word
    UNION
    SELECT
        words AS raw_text,
        FALSE AS is_text
    FROM reference.event_remark
    UNION
    SELECT
        spelling AS raw_text,
        FALSE AS is_text
    FROM reference.event_analyte
),

-- Composed Hangul, because charts come from many keyboards.
one_letter AS (
    SELECT
        raw_text,
        is_text,
        TRANSLATE(
            LOWER(NFC_NORMALIZE(raw_text)),
            '（）［］【】{}「」，、；：／＋－–—−‐∼〜～➔➜⇒▶▷►△▲⇑⬆▽▼⇓⬇≧≦？．·ㆍ・＆＝＞＜％０１２３４５６７８９'
            || 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ‘’´`“”"µμγ×˚º⟨⟩',
            '()[][]()[],,;:/+-----~~~→→→→→→↑↑↑↑↓↓↓↓≥≤?.///&=><%0123456789'
            || 'abcdefghijklmnopqrstuvwxyz''''''''''''''uurx°°'
        ) AS translated
    FROM written
    WHERE raw_text IS NOT NULL
),

spelled_out AS (
    SELECT
        raw_text,
        is_text,
        -- One character that stands for several.
        REGEXP_REPLACE(translated, 'ⅰ', ' i', 'g') AS to_one,
        REPLACE(REPLACE(to_one, 'ⅱ', ' ii'), 'ⅲ', ' iii') AS to_three,
        REPLACE(REPLACE(to_three, 'ⅳ', ' iv'), 'ⅴ', ' v') AS to_five,
        REPLACE(REPLACE(to_five, '℃', '°c'), '㎜', 'mm') AS with_lengths,
        REPLACE(REPLACE(with_lengths, '㎏', 'kg'), '㎎', 'mg') AS with_weights,
        REGEXP_REPLACE(with_weights, '[-=]+>', '→', 'g') AS plain_text,
        REGEXP_REPLACE(plain_text, '[^\p{L}\p{N}]', '', 'g') AS letters
    FROM one_letter
)

SELECT
    raw_text,
    is_text,
    plain_text,
    letters
FROM spelled_out
