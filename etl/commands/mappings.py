"""Commands about a hospital's mapping: check it, and print the SQL that it compiles to."""

from typing import TYPE_CHECKING, Annotated

import typer

from etl.commands.connections import report_what_differs
from etl.commands.options import AsJson, Output, Site, read_settings
from etl.commands.show import out, show_answer, show_json
from warehouse.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from etl.delivery.folder import Delivery
    from etl.mapping.compiler.source_columns import ColumnNote
    from etl.mapping.language.site_mapping import SiteMapping
    from etl.settings import Settings


def check_mapping(site: Site, *, output: Output = None, as_json: AsJson = False) -> None:
    """Check a hospital's mapping against the canonical model and, when there is a delivery, against its headers.

    Every problem is reported with its file and line.

    Example:
    hcc check-mapping snuh
    """
    from etl.mapping.checks.absent_columns import absent_columns
    from etl.mapping.checks.delivered_columns import columns_of_sources, read_delivered_headers
    from etl.mapping.compiler.source_columns import check_columns, never_filled
    from etl.mapping.read_mapping import read_mapping

    settings = read_settings()
    mapping = read_mapping(settings.mappings_dir, site)
    for table in mapping.tables:
        _statements(mapping, table)
    delivery = _newest_delivery(site, settings)
    headers = read_delivered_headers(delivery, mapping) if delivery else {}
    notes = check_columns(mapping, columns_of_sources(headers)) if delivery else never_filled(mapping)
    notes += absent_columns(mapping, headers)
    against = f"{site} {delivery.name}" if delivery else None
    delivered = columns_of_sources(headers)
    notes = tuple(
        each for note in notes for each in (note, *_columns_of_unused(note, delivered, identity=mapping.identity))
    )
    columns = ("what", "canonical column", "source", "column of the source", "file")
    rows = [(note.rule, _dotted(note.table, note.column), note.source, note.source_column, note.file) for note in notes]
    if as_json and output is None:
        show_json(
            {"site": site, "version": mapping.version, "delivery": against, "notes": [vars(note) for note in notes]}
        )
        return
    sentence = (
        f"{site}: the mapping is right. Sources: {len(mapping.sources)}, tables that they fill: {len(mapping.tables)}; "
        + (f"checked against the delivery {delivery.name}." if delivery else "no delivery to check it against.")
    )
    if not as_json:
        out().print(sentence, soft_wrap=True)
    if notes or output is not None:
        show_answer(columns, rows, output=output, as_json=as_json)


def _columns_of_unused(
    note: "ColumnNote", columns_of: "Mapping[str, tuple[str, ...]]", *, identity: "Container[str]"
) -> "list[ColumnNote]":
    """List the columns of a source that no table reads yet, by the names that a mapping uses for them."""
    from dataclasses import replace

    if note.rule != "unused_source" or note.source is None:
        return []
    names = [name for name in columns_of[note.source] if name not in identity]
    return [replace(note, rule="unused_column", source_column=name) for name in names]


def explain(
    site: Site,
    table: Annotated[str, typer.Argument(help="A canonical table, e.g. lab_result.")],
    as_json: AsJson = False,
) -> None:
    """Print the SQL that a hospital's mapping becomes for one canonical table.

    Example:
    hcc explain snuh lab_result
    """
    from etl.mapping.read_mapping import read_mapping

    settings = read_settings()
    mapping = read_mapping(settings.mappings_dir, site)
    if table not in mapping.tables:
        raise NotFoundError(
            f"{site}: the mapping does not fill a table '{table}'. It fills: {', '.join(mapping.tables)}."
        )
    report_what_differs(settings)
    statements = _statements(mapping, table)
    if as_json:
        show_json([{"table": table, "source": source, "sql": sql} for source, sql in statements])
        return
    for source, sql in statements:
        out().print(f"-- {table} from {source}\n{sql};\n", markup=False, soft_wrap=True)


def _statements(mapping: "SiteMapping", table: str) -> list[tuple[str, str]]:
    """Compile one table: its sources, each with its SQL. No delivery is needed: the mapping names what it reads."""
    from etl.mapping.compiler.compile import compile_table
    from etl.mapping.compiler.over_parts import compile_over_parts
    from etl.mapping.compiler.source_columns import used_columns

    columns_of = {source: tuple(used_columns(mapping, source)) for source in mapping.sources}
    statements = [(plan.source, plan.rows) for plan in compile_table(mapping, table, columns_of)]
    over_parts = compile_over_parts(mapping, table)
    return [*statements, *([("the rows of its parts", over_parts.rows or over_parts.met)] if over_parts else [])]


def _newest_delivery(site: str, settings: "Settings") -> "Delivery | None":
    from etl.delivery.folder import find_delivery
    from etl.synthetic.first_delivery import has_delivery

    return find_delivery(settings.raw_dir, site) if has_delivery(settings.raw_dir / site) else None


def _dotted(table: str | None, column: str | None) -> str:
    return ".".join(part for part in (table, column) if part)
