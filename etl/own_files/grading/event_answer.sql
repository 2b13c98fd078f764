-- What `hcc grade --events` adds to each row. The reported grade decides; numbers grade what has none, and where they
-- say otherwise than a reported grade the reason says so.
WITH with_numbers AS (
    SELECT
        graded.*,
        computed.grade AS number_grade,
        computed.reason AS number_reason,
        computed.warning AS number_warning,
        graded.reason = 'grade_missing' AND computed.term IS NOT NULL AS goes_by_numbers
    FROM clinical.graded_event AS graded
    LEFT JOIN clinical_step.computed_grade AS computed
        ON
            CAST(graded.source_record AS VARCHAR) = computed.occasion
            AND graded.term = computed.term
),

answer AS (
    SELECT
        source_record,
        ordinal,
        term,
        nearest,
        CASE WHEN goes_by_numbers THEN number_grade ELSE grade END AS grade,
        CASE WHEN goes_by_numbers THEN number_reason IS NULL ELSE is_valid END AS is_valid,
        number_grade,
        CASE
            WHEN goes_by_numbers AND number_reason IS NOT NULL THEN number_reason
            WHEN goes_by_numbers AND number_grade = 0 THEN 'numbers_normal'
            WHEN goes_by_numbers THEN COALESCE(number_warning, warning, 'graded_by_numbers')
            WHEN reason IS NOT NULL THEN reason
            WHEN number_grade <> grade THEN 'numbers_differ'
            ELSE COALESCE(warning, number_reason)
        END AS code
    FROM with_numbers
)

SELECT
    answer.source_record,
    answer.ordinal,
    answer.term,
    event_term.meddra_code,
    event_term.soc,
    event_term.category,
    answer.grade,
    answer.is_valid,
    answer.code,
    reason.code || ': ' || reason.label
    || CASE
        WHEN answer.code = 'unlisted' AND answer.nearest IS NOT NULL
            THEN ' (nearest: ' || answer.nearest || ')'
        WHEN answer.code = 'unlisted' THEN ' (nothing is near)'
        WHEN answer.code = 'grade_not_in_term'
            THEN ' (it has ' || ARRAY_TO_STRING(event_term.grades, ', ') || ')'
        WHEN answer.code = 'numbers_differ' THEN ' (they give ' || answer.number_grade || ')'
        WHEN answer.code = 'version_differs' AND answer.number_grade IS NOT NULL
            THEN ' (by 4.03 the numbers give ' || answer.number_grade || ')'
        ELSE ''
    END AS reason
FROM answer
LEFT JOIN clinical.event_term AS event_term ON answer.term = event_term.term
LEFT JOIN reference.code AS reason
    ON reason.code_list = 'event_reason' AND answer.code = reason.code
