-- What was set aside, with the cells that say what it may have been: rows in quarantine, and cells of rows that stayed.
-- What it would have said is unknown, never absent. Nobody becomes unknown by a row whose patient cannot be read.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @table_name: Canonical table that the row was meant for.
-- @column_name: The column whose cell was set aside; empty for a whole row.
-- @is_row: It is a whole row, or a cell of a row that cannot be named: it may be of anything in its table.
-- @code: What the row is about: drug, procedure, analyte, observation, condition, ingredient; empty where not readable.
-- @first_day: First day that it can have; empty where not readable.
-- @last_day: Last day that it can have; empty where not readable.
-- @stopped_on: Its last day as reported, of a partial date the first that it can mean; empty where there is none or it
-- is not readable.
-- @stopped_not_after: No later than this day it ended, of a date known to the month or year.
-- @role_code: Role of a course or of a lesion. Code lists: course_role, lesion_role.
-- @organ_code: Organ of a lesion or of a procedure. Code list: organ.
-- @lesion_label: Name of a lesion; empty where not readable.
-- @may_show_progression: Of an imaging visit: its reader may have seen a new lesion or described the non-targets.
-- @may_show_response: Of an imaging visit: the readers whose response it may hold: physician, radiologist.
-- @source_file: The file that the row came from.
-- @source_sheet: The sheet in the file, if it has sheets.
-- @source_record: Number of the record in the file or sheet, from 1, header not counted.
-- @source_ordinal: Which of the record's rows: 1000 * part + slot; empty where several records became one row.
WITH read AS (
    SELECT
        apart.site_id,
        apart.patient_id,
        apart.table_name,
        apart.column_name,
        apart.day,
        apart.source_file,
        apart.source_sheet,
        apart.source_record,
        apart.source_ordinal,
        CAST(apart.readable AS JSON) AS cells
    FROM current.set_aside AS apart
    WHERE apart.patient_id IS NOT NULL
)

SELECT
    site_id,
    patient_id,
    table_name,
    column_name,
    column_name IS NULL OR source_ordinal IS NULL AS is_row,
    COALESCE(
        JSON_EXTRACT_STRING(cells, '$.drug_code'),
        JSON_EXTRACT_STRING(cells, '$.procedure_code'),
        JSON_EXTRACT_STRING(cells, '$.analyte_code'),
        JSON_EXTRACT_STRING(cells, '$.observation_code'),
        JSON_EXTRACT_STRING(cells, '$.condition_code'),
        JSON_EXTRACT_STRING(cells, '$.ingredient_code')
    ) AS code,
    day AS first_day,
    CASE COALESCE(
        JSON_EXTRACT_STRING(cells, '$.started_on_precision'), JSON_EXTRACT_STRING(cells, '$.onset_on_precision')
    )
        WHEN 'month' THEN LAST_DAY(day)
        WHEN 'year' THEN CAST(day + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE)
        ELSE day
    END AS last_day,
    CAST(JSON_EXTRACT_STRING(cells, '$.stopped_on') AS DATE) AS stopped_on,
    CASE JSON_EXTRACT_STRING(cells, '$.stopped_on_precision')
        WHEN 'month' THEN LAST_DAY(CAST(JSON_EXTRACT_STRING(cells, '$.stopped_on') AS DATE))
        WHEN 'year'
            THEN
                CAST(
                    CAST(JSON_EXTRACT_STRING(cells, '$.stopped_on') AS DATE) + INTERVAL 1 YEAR - INTERVAL 1 DAY AS DATE
                )
        ELSE CAST(JSON_EXTRACT_STRING(cells, '$.stopped_on') AS DATE)
    END AS stopped_not_after,
    JSON_EXTRACT_STRING(cells, '$.role_code') AS role_code,
    COALESCE(JSON_EXTRACT_STRING(cells, '$.organ_code'), JSON_EXTRACT_STRING(cells, '$.target_site_code'))
        AS organ_code,
    JSON_EXTRACT_STRING(cells, '$.lesion_label') AS lesion_label,
    -- A cell that is null was empty; one that is not there could not be read.
    COALESCE(JSON_EXTRACT_STRING(cells, '$.has_new_lesion'), 'true') = 'true'
    AND NOT COALESCE(JSON_TYPE(cells, '$.has_new_lesion') = 'NULL', FALSE)
    OR NOT COALESCE(JSON_TYPE(cells, '$.non_target_status_code') = 'NULL', FALSE) AS may_show_progression,
    LIST_FILTER(  -- noqa: PRS,CP02
        ['physician', 'radiologist'],
        LAMBDA reading: NOT COALESCE(JSON_TYPE(cells, '$.response_' || reading || '_code') = 'NULL', FALSE)
    ) AS may_show_response,
    source_file,
    source_sheet,
    source_record,
    source_ordinal
FROM read
