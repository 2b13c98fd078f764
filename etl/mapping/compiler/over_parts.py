"""Merge rows across the parts of a table that stand for the same thing, such as one patient's follow-up from two files.

The queries read `part_rows`, the rows that the parts have put into the table: _source_id, _record, _ordinal, _part and the
canonical columns. Parts come in the order of the mapping, so "first" means the part that is listed first.
"""

from dataclasses import dataclass

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.aggregate import ROW, aggregate_rule, aggregated_rows, as_deduplicate, key_rank
from etl.mapping.compiler.records import dedup_rule, winner_rank
from etl.mapping.language.site_mapping import SiteMapping
from schemas.catalogue import table_facts

PART = "_part"


@dataclass(frozen=True)
class OverPartsPlan:
    """The queries that merge the rows of several parts into one.

    `met`: _source_id, _record, _ordinal, _part and _rank of every row whose key another row has; rank 1 stays.
    `rows`: the canonical columns of the row that stays, at its address; None where it stays as it is.
    """

    rule: str
    met: str
    rows: str | None


def compile_over_parts(mapping: SiteMapping, table: str) -> OverPartsPlan | None:
    """Compile what the mapping states under `over_parts` of a table; None where it states nothing."""
    over = mapping.over_parts.get(table)
    if over is None:
        return None
    if over.aggregate is not None:
        rank, winner = key_rank(over.aggregate, within=(PART,)), as_deduplicate(over.aggregate)
        rule = aggregate_rule(over.aggregate)
    else:
        assert over.deduplicate is not None, "the form demands one of the two"
        winner, rule = over.deduplicate, dedup_rule(over.deduplicate)
        rank = winner_rank(winner, within=(PART,), by_slot=True)
    keys = [sql.column(name) for name in winner.by]
    size = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[key.copy() for key in keys])
    every = exp.select("*", rank.as_("_rank"), size.as_("_size")).from_("part_rows")
    meets = [exp.GT(this=sql.column("_size"), expression=exp.Literal.number(1)), *map(sql.is_filled, keys)]
    ranked = exp.select("*").from_(every.subquery("every_row")).where(sql.all_of(meets))
    met = exp.select(*ROW, PART, "_rank").from_("ranked")
    rows = None
    if over.aggregate is not None:
        rows = aggregated_rows(table_facts(table), mapping.tables[table], over.aggregate)
    return OverPartsPlan(
        f"{rule}, over all parts",
        met=_write(met, ranked),
        rows=_write(rows, ranked) if rows is not None else None,
    )


def _write(query: exp.Select, ranked: exp.Select) -> str:
    return query.with_("ranked", as_=ranked.copy()).sql(dialect="duckdb", pretty=True)
