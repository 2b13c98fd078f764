-- A result in the common unit outside what a living body shows is a slip of the decimal point or of the unit.
SELECT
    'lab_result' AS table_name,
    'value' AS column_name,
    result.source_id,
    result.source_record,
    result.source_ordinal,
    RTRIM(RTRIM(result.value::VARCHAR, '0'), '.') || ' ' || analyte.unit AS found,
    RTRIM(RTRIM(analyte.plausible_from::VARCHAR, '0'), '.') || ' to '
    || RTRIM(RTRIM(analyte.plausible_to::VARCHAR, '0'), '.') || ' ' || analyte.unit || ' for '
    || result.analyte_code AS expected
FROM core.lab_result AS result
INNER JOIN reference.analyte AS analyte ON result.analyte_code = analyte.analyte_code
WHERE
    result.load_id = GETVARIABLE('load_id')
    AND (
        result.value < analyte.plausible_from
        OR result.value > analyte.plausible_to
    )
