-- A delivery cannot know what comes after the day on which it was read.
SELECT
    dated_value.table_name,
    dated_value.column_name,
    dated_value.source_id,
    dated_value.source_record,
    dated_value.source_ordinal,
    dated_value.first_day AS found,
    this_load.started_at::DATE AS expected
FROM dated_value
CROSS JOIN audit.load AS this_load
WHERE
    this_load.load_id = GETVARIABLE('load_id')
    AND dated_value.first_day > this_load.started_at::DATE
