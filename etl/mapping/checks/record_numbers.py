"""Check the use of record numbers as patients: they hold within one file, and no other source knows them."""

from collections.abc import Iterator

from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_record_numbers(mapping: SiteMapping) -> Iterator[Mistake]:
    """List every part whose patients cannot be those that another part counts by the number of its records."""
    parts = [
        (("tables", table, index, "columns", "patient_id"), part, _patient_columns(part))
        for table, parts in mapping.tables.items()
        for index, part in enumerate(parts)
        if "patient_id" in part.columns
    ]
    numbers = {(name, source.record_number) for name, source in mapping.sources.items() if source.record_number}
    counted = next((column for _, _, columns in parts for column in columns if column in numbers), None)
    if counted is None:
        return
    source, number = counted
    may_be_several = mapping.sources[source].many or len(mapping.sources[source].file) > 1
    for path, part, columns in parts:
        if columns != [counted] and counted in columns:
            yield (
                path,
                f"'{number}' is the record's number: it names the patient in every record or in none; take it alone.",
            )
        elif columns != [counted]:
            sentence = (
                f"the patients are the records of '{source}' ('{number}'), which '{part.source}' does not know: these rows "
                f"would be nobody's. Fill the table from '{source}', or bring '{number}' by a look-up."
            )
            yield path, sentence
        elif may_be_several:
            sentence = (
                f"'{number}' counts the records of one file, and '{source}' may have several: their first records would be "
                "one patient. Give each file a site of its own, or ask for the patients' numbers."
            )
            yield path, sentence


def _patient_columns(part: TableMapping) -> list[tuple[str, str | None]]:
    """Name the sources and columns that the patient of a part is taken from."""
    options = part.columns["patient_id"]
    names = [options.column] if options.column else options.coalesce or []
    return [
        (part.source, name) if lookup is None else (lookup.source, lookup.take[name])
        for name in names
        for lookup in [part.brought.get(name)]
    ]
