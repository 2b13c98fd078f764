-- A CTCAE 4 term has only the grades of its sheet: hand-foot syndrome has no grade 4. The event is kept all the same.
SELECT
    'adverse_event' AS table_name,
    'reported_grade' AS column_name,
    adverse_event.source_id,
    adverse_event.source_record,
    adverse_event.source_ordinal,
    adverse_event.reported_grade AS found,
    ARRAY_TO_STRING(ctcae_term.grades, ', ') || ' for ' || ctcae_term.term AS expected
FROM core.adverse_event AS adverse_event
INNER JOIN reference.ctcae_term AS ctcae_term ON adverse_event.ctcae_term = ctcae_term.term
WHERE
    adverse_event.load_id = GETVARIABLE('load_id')
    AND adverse_event.ctcae_version IN ('4.0', '4.03')
    AND NOT LIST_CONTAINS(ctcae_term.grades, adverse_event.reported_grade)
