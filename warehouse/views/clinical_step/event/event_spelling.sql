-- Every spelling of every term: the terms themselves, and the reviewed list of what charts write for them.
-- @letters: The spelling in small letters, letters and digits alone.
-- @term: The CTCAE 4.03 term that it means; a spelling of several events has a row for each.
-- @spelling: The spelling as the list has it.
-- @is_term: It is the term itself.
WITH spelling AS (
    SELECT
        term AS spelling,
        term,
        TRUE AS is_term
    FROM reference.ctcae_term
    UNION ALL
    SELECT
        spelling,
        term,
        FALSE AS is_term
    FROM reference.event_synonym
)

SELECT
    REGEXP_REPLACE(LOWER(NFC_NORMALIZE(spelling)), '[^\p{L}\p{N}]', '', 'g') AS letters,
    term,
    ARG_MAX(spelling, is_term) AS spelling,
    BOOL_OR(is_term) AS is_term
FROM spelling
GROUP BY letters, term
