"""Commands about a hospital's mapping: is it right, and what does it become?"""

from typing import TYPE_CHECKING, Annotated

import typer

from etl.commands.options import AsJson, Site, read_settings
from etl.commands.show import out, show_json
from etl.errors import NotFoundError

if TYPE_CHECKING:
    from etl.mapping.site_mapping import SiteMapping
    from etl.settings import Settings


def check_mapping(site: Site, as_json: AsJson = False) -> None:
    """Check a hospital's mapping against the canonical model and, when there is a delivery, against its headers.

    Every problem is told with its file and line.

    Example:
    hcc check-mapping snuh
    """
    from etl.mapping.read_mapping import read_mapping

    settings = read_settings()
    mapping = read_mapping(settings.mappings_dir, site)
    statements = {table: _statements(mapping, table, settings) for table in mapping.tables}
    if as_json:
        show_json(
            {"site": site, "version": mapping.version, "sources": list(mapping.sources), "tables": list(statements)}
        )
    else:
        out().print(
            f"{site}: the mapping is right. {len(mapping.sources)} sources fill {len(statements)} tables.",
            soft_wrap=True,
        )


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
    statements = _statements(mapping, table, settings)
    if as_json:
        show_json([{"table": table, "source": source, "sql": sql} for source, sql in statements])
        return
    for source, sql in statements:
        out().print(f"-- {table} from {source}\n{sql};\n", markup=False, soft_wrap=True)


def _statements(mapping: "SiteMapping", table: str, settings: "Settings") -> list[tuple[str, str]]:
    """Compile one table: its sources, each with its SQL."""
    from etl.mapping.compile import compile_table, plan_sql

    return [
        (plan.source, plan_sql(plan.rows)) for plan in compile_table(mapping, table, _columns_of(mapping, settings))
    ]


def _columns_of(mapping: "SiteMapping", settings: "Settings") -> dict[str, tuple[str, ...]]:
    """Take each source's columns from the newest delivery; without one, those that the mapping itself names."""
    raise NotImplementedError
