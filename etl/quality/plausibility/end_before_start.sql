-- What ends has begun. An end known to the month may lie on its last day.
SELECT
    period.table_name,
    period.column_name,
    period.source_id,
    period.source_record,
    period.source_ordinal,
    period.end_first_day AS found,
    period.start_first_day AS expected
FROM period
WHERE period.end_last_day < period.start_first_day
