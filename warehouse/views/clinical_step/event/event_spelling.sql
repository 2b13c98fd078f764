-- Every spelling of every term: the terms themselves, and the reviewed list of what charts write for them.
-- @spelling: The spelling as the list has it.
-- @term: The CTCAE 4.03 term that it means; a spelling of several events has a row for each.
-- @is_term: It is the term itself.
SELECT
    spelling,
    term,
    BOOL_OR(is_term) AS is_term
FROM (
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
) AS written
GROUP BY spelling, term
