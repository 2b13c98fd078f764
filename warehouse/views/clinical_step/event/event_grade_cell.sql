-- The text of each grade that stands in a cell of its own, read: a number, a Roman numeral or a range of two, with or
-- without a word for grade.
-- @grade_text: The grade as reported.
-- @grade: The grade, the worse one of two.
-- @milder_grade: The other one of two; empty when there is one.
WITH cell AS (
    SELECT DISTINCT grade_text
    FROM clinical_step.event_record
    WHERE grade_text IS NOT NULL
),

numeral AS (
    SELECT
        cell.grade_text,
        REGEXP_EXTRACT(
            event_plain.plain_text,
            '^\s*[(\[]?(?:(?:nci[ -]*)?(?:ctcae|ctc)[ -]*)?(?:(?:grade|grad|gr|g)[ .:=-]*)?'
            || '([0-9]+|iii|ii|iv|i|v|one|two|three|four|five)(?:[.]0+)?'
            || '(?:\s*(?:[-~/→]|to|or)\s*(?:grade|gr|g)?[ .]*([0-9]+|iii|ii|iv|i|v))?\s*(?:도|등급|단계|급)?[)\]]?\s*$',
            ['one', 'other']
        ) AS found
    FROM cell
    INNER JOIN clinical_step.event_plain AS event_plain
        ON cell.grade_text = event_plain.raw_text AND NOT event_plain.is_text
),

counted AS (
    SELECT
        numeral.grade_text,
        COALESCE(one_word.meaning, NULLIF(numeral.found.one, '')) AS one,
        COALESCE(other_word.meaning, NULLIF(numeral.found.other, '')) AS other
    FROM numeral
    LEFT JOIN reference.event_word AS one_word
        ON one_word.kind = 'numeral' AND numeral.found.one = one_word.word
    LEFT JOIN reference.event_word AS other_word
        ON other_word.kind = 'numeral' AND numeral.found.other = other_word.word
)

SELECT
    grade_text,
    GREATEST(TRY_CAST(one AS INTEGER), TRY_CAST(other AS INTEGER)) AS grade,
    CASE WHEN other IS NOT NULL THEN LEAST(TRY_CAST(one AS INTEGER), TRY_CAST(other AS INTEGER)) END AS milder_grade
FROM counted
