"""Check look-ups: the sources, tables, columns and days that they name must exist and fit together."""

from collections.abc import Iterator
from itertools import chain

from etl.mapping.compiler.dates import check_format, precision_of
from etl.mapping.compiler.expressions import UnsafeExpressionError, columns_in, parse_expression
from etl.mapping.compiler.slots import made_columns
from etl.mapping.language.lookup_forms import Lookup
from etl.mapping.language.near_name import did_you_mean
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping

Path = tuple[str | int, ...]
Mistake = tuple[Path, str]


def check_lookups(mapping: SiteMapping, at: Path, part: TableMapping) -> Iterator[Mistake]:
    """List everything in a part's look-ups that names what does not exist, or could never match."""
    own = _own_columns(part) | set(made_columns(part))
    brought: set[str] = set()
    for position, lookup in enumerate(part.lookup):
        path = (*at, "lookup", position)
        if not lookup.is_of_table and lookup.source not in mapping.sources:
            near = did_you_mean(lookup.source, mapping.sources)
            yield (*path, "from"), f"'{lookup.source}' is neither a source nor a table codes/<name>.csv.{near}"
            continue
        later = {name for other in part.lookup[position:] for name in other.take}
        for name in lookup.columns_here:
            if name in later and name not in brought:
                yield path, f"'{name}' is brought by this look-up or a later one; put the one that brings it first."
        for name in lookup.take:
            if name in brought:
                yield (*path, "take", name), f"'{name}' is brought twice; choose another new name."
            elif name in own:
                yield (*path, "take", name), f"'{name}' is read from the record itself above; choose another new name."
            elif name.startswith("_"):
                yield (*path, "take", name), f"'{name}' begins with _; choose another new name."
        brought |= lookup.take.keys()
        yield from _check_identity(mapping, path, part, lookup=lookup)
        yield from _check_days(path, lookup)
        for date_format in (lookup.order_by.date or ()) if lookup.order_by else ():
            if sentence := check_format(date_format):
                yield (*path, "order_by"), sentence


def origin_of(part: TableMapping, name: str) -> str | None:
    """Name the delivered column behind one that a part reads; None when a table of the site's folder holds it."""
    lookup = part.brought.get(name)
    if lookup is None:
        return name
    return None if lookup.is_of_table else lookup.take[name]


def _own_columns(part: TableMapping) -> set[str]:
    """Name what is read of the record before any look-up: by 'keep_if' and 'unless_empty'."""
    names = set(chain(*part.empty_sets))
    for condition in part.keep_if:
        try:
            names |= set(columns_in(parse_expression(condition.when)))
        except UnsafeExpressionError:
            continue  # reported where the condition itself is checked
    return names


def _check_identity(mapping: SiteMapping, path: Path, part: TableMapping, *, lookup: Lookup) -> Iterator[Mistake]:
    there = () if lookup.is_of_table else lookup.columns_there
    for name in (*there, *(origin_of(part, here) for here in lookup.columns_here)):
        if name is not None and mapping.identity.get(name) == "drop":
            yield path, f"'{name}' is dropped under 'identity:', so nothing can read it."
    for name in lookup.where:
        if not lookup.is_of_table and mapping.identity.get(name) == "pseudonymise":
            yield (*path, "where", name), f"'{name}' is pseudonymised under 'identity:', so it never holds a word."
    for column_there, column_here in lookup.match.items():
        is_there = not lookup.is_of_table and mapping.identity.get(column_there) == "pseudonymise"
        is_here = mapping.identity.get(origin_of(part, column_here) or "") == "pseudonymise"
        if is_there != is_here:
            one, other = (column_there, column_here) if is_there else (column_here, column_there)
            yield (
                (*path, "match", column_there),
                f"'{one}' is pseudonymised under 'identity:' and '{other}' is not, so the two never match.",
            )


def _check_days(path: Path, lookup: Lookup) -> Iterator[Mistake]:
    if lookup.effective is None:
        return
    for date_format in dict.fromkeys((*lookup.effective.formats, *lookup.effective.formats_there)):
        if sentence := check_format(date_format):
            yield (*path, "effective"), sentence
        elif precision_of(date_format) != "day":
            yield (*path, "effective"), f"'{date_format}' has no day; what holds on a day is asked by the day."
