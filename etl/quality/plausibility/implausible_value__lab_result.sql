-- A result in the common unit outside what a living body shows is a slip of the decimal point or of the unit.
select
    'lab_result' as table_name,
    'value' as column_name,
    result.source_id,
    result.source_record,
    result.source_ordinal,
    rtrim(rtrim(result.value::varchar, '0'), '.') || ' ' || analyte.unit as found,
    rtrim(rtrim(analyte.plausible_from::varchar, '0'), '.') || ' to '
    || rtrim(rtrim(analyte.plausible_to::varchar, '0'), '.') || ' ' || analyte.unit || ' for '
    || result.analyte_code as expected
from core.lab_result as result
inner join reference.analyte as analyte on result.analyte_code = analyte.analyte_code
where
    result.load_id = $load_id
    and (
        result.value < analyte.plausible_from
        or result.value > analyte.plausible_to
    )
