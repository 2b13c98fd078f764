-- What the coding of adverse events reads, from the warehouse. `hcc grade --events` makes the same columns from a file.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @verbatim_text: The text as reported.
-- @hospital_term: The term as the hospital coded it.
-- @grade_text: The grade as reported, as text.
-- @ctcae_version: The version by which it was graded; empty when it is not known. Code list: ctcae_version.
-- @input_fault: Why the record cannot be graded, known from its reading. Code list: event_reason.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot.
SELECT
    site_id,
    patient_id,
    NULLIF(TRIM(verbatim_text), '') AS verbatim_text,
    NULLIF(TRIM(ctcae_term), '') AS hospital_term,
    CAST(reported_grade AS VARCHAR) AS grade_text,
    ctcae_version,
    CAST(NULL AS VARCHAR) AS input_fault,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM current.adverse_event
