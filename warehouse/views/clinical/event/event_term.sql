-- The terms of CTCAE 4.03, each with the group in which the study counts it, by the study's options.
-- @term: The CTCAE 4.03 term.
-- @meddra_code: MedDRA 12.0 lowest-level term code of the term.
-- @soc: System organ class.
-- @grades: The grades that the term has.
-- @category: dermatologic, gastroenterologic, hypertension, liver, bleeding, or other.
SELECT
    ctcae_term.term,
    ctcae_term.meddra_llt_code AS meddra_code,
    ctcae_term.soc,
    ctcae_term.grades,
    COALESCE(event_category.category, 'other') AS category
FROM reference.ctcae_term AS ctcae_term
LEFT JOIN reference.event_category AS event_category
    ON
        ctcae_term.term = event_category.term
        AND (
            event_category.counts_if IS NULL
            OR event_category.counts_if IN (SELECT name || '=' || value FROM reference.study_option)
        )
