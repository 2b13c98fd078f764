-- What the coding of adverse events reads, from the text cells of a CSV file: the same columns as
-- clinical_step.event_record has in the warehouse. A cell `term` is read as a term first and as words where it is none.
SELECT
    NULL AS site_id,
    id AS patient_id,
    verbatim AS verbatim_text,
    term AS hospital_term,
    reported_grade AS grade_text,
    PLAIN_CTCAE_VERSION(ctcae_version) AS ctcae_version,
    CASE
        WHEN _defect IS NOT NULL THEN 'row_not_whole'
        WHEN FILLED(ctcae_version) AND PLAIN_CTCAE_VERSION(ctcae_version) IS NULL THEN 'version_not_known'
    END AS input_fault,
    NULL AS source_file,
    NULL AS source_sheet,
    _record AS source_record,
    0 AS source_ordinal
FROM cell
