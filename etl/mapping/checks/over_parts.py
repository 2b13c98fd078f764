"""Check `over_parts` and `deduplicate`: their columns must exist, and every part must fill the key by which rows are merged."""

from collections.abc import Iterator

from etl.mapping.compiler.aggregate import Mistake, Path, check_aggregate, check_key
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import Deduplicate
from schemas.catalogue import TableFacts, table_facts
from schemas.tables import TABLES


def check_over_parts(mapping: SiteMapping) -> Iterator[Mistake]:
    """List what is wrong with how the rows of all parts of a table become one."""
    for table, over in mapping.over_parts.items():
        path: Path = ("over_parts", table)
        parts = mapping.tables.get(table, [])
        if table not in TABLES:
            yield path, f"'{table}' is not a canonical table.{did_you_mean(table, TABLES)}"
        elif len(parts) <= 1:
            yield path, f"'{table}' has {len(parts)} part under 'tables:'; state it in the part itself."
        else:
            facts = table_facts(table)
            yield from check_aggregate(facts, (*path, "aggregate"), over.aggregate, parts=parts)
            yield from check_deduplicate(facts, (*path, "deduplicate"), over.deduplicate)
            by = over.aggregate.by if over.aggregate else over.deduplicate.by if over.deduplicate else []
            yield from check_key(facts, path, by, parts=parts)


def check_deduplicate(facts: TableFacts, path: Path, deduplicate: Deduplicate | None) -> Iterator[Mistake]:
    """List the columns of a deduplication that the table does not have."""
    if deduplicate is None:
        return
    for name in (*deduplicate.by, *filter(None, [deduplicate.order_by])):
        if name not in facts.column_names:
            yield path, f"'{facts.name}.{name}' is not a canonical column.{did_you_mean(name, facts.column_names)}"
