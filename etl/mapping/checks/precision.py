"""Check that a day which may be known to its month or year alone says so, in the canonical column made for its precision."""

from collections.abc import Iterator

from etl.mapping.compiler.counted_days import precision_of_count
from etl.mapping.compiler.dates import precision_of, stated_formats
from etl.mapping.language.column_mapping import ColumnMapping
from etl.mapping.language.source_form import Source
from etl.mapping.language.table_mapping import TableMapping
from schemas.catalogue import TableFacts

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_precision(source: Source, facts: TableFacts, path: Path, part: TableMapping) -> Iterator[Mistake]:
    """Report a column that reads a month or a year as its first day, while its table has a place to say so and nothing fills it."""
    name = str(path[-1])
    options, place = part.columns[name], f"{name}_precision"
    is_said = place in part.columns or (options.date is not None and options.date.precision)
    if is_said or place not in facts.column_names or facts.column(name).sql_type != "DATE":
        return
    if (vague := _vague(source, options)) is not None:
        known, why = vague
        sentence = f"'{facts.name}.{name}' may be known to the {known} alone ({why}), and would claim a day; "
        yield (*path, "date"), sentence + f"add 'precision: {place}' to its 'date'."


def _vague(source: Source, options: ColumnMapping) -> tuple[str, str] | None:
    """Return the first precision that is no day, and what it comes from; None where a day is always known."""
    if options.constant is not None or options.recode is not None:
        return None
    counted = options.date if options.date is not None and options.date.since is not None else None
    for date_format in stated_formats(source, options):
        known = precision_of(date_format)
        if counted is not None and precision_of_count(counted, known) != known:
            return precision_of_count(counted, known), f"{counted.unit} are counted"
        if known != "day":
            return known, date_format
    return None
