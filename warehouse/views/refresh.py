"""Build schemas `clinical` and `analysis`, and the steps towards them, from the SQL files under warehouse/views.

views/<schema>/<area>/<name>.sql is one SELECT and becomes the table <schema>.<name>. The order of building is read from the
SQL itself. The comment at the head of a file describes the table, and its lines `-- @column: ...` the columns; a line
`-- @*: schema.name` takes the descriptions of another view, for a file that has that view's columns.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from warehouse.comments import comment_new_table
from warehouse.errors import ViewError
from warehouse.fingerprint import read_derived, write_derived
from warehouse.model.schemas import DERIVED
from warehouse.parsed import fingerprint_parsed
from warehouse.reference.load import reference_fingerprint
from warehouse.reference.option_choice import choices_fingerprint

VIEWS = Path(__file__).parent
AS_OF = "*"
"""How a head names the view whose descriptions it takes."""
STATE = "analysis.study_state"
"""The view that says which study options it was made from."""
WITHOUT_PATIENTS = ("reference", "study", "audit")
"""Schemas that are filled where only some views are: definitions, results and audit tables, but no patients' rows."""


@dataclass(frozen=True)
class View:
    """One SQL file: the table that it makes, and the tables that it reads."""

    name: str
    """Schema and name, e.g. `analysis.cohort`."""
    path: Path
    sql: str
    reads: frozenset[str]
    """The views that it reads."""
    reads_of_others: frozenset[str]
    """The tables of other schemas that it reads."""
    comment: str
    column_comments: Mapping[str, str]


def refresh(con: duckdb.DuckDBPyConnection, *, views: Path = VIEWS, given: Collection[str] = ()) -> tuple[str, ...]:
    """Build every table of the views' schemas again in the caller's open transaction; return them in order.

    Tables whose file is gone are dropped.

    Args:
        con: a warehouse that is up to date.
        views: the folder of the SQL files.
        given: tables that the caller has made and filled, such as those of a frozen data set. They are kept with their
            rows and get their comments; of the other views, only those are built that read nothing but given tables,
            one another, and tables without patients. Such a warehouse is never `is_refreshed`.

    Raises:
        ViewError: a file cannot be parsed, reads what no file makes, is part of a circle, or fails; or a given table
            has not the columns that its file describes.
    """
    ordered = order_views(read_views(views))
    if given:
        ordered = _within_reach(ordered, given)
    fingerprint = views_fingerprint(con, views)
    # Tables that the same files made over the same tables need only other rows; comments cost as much as small queries.
    has_shape = not given and (read_derived(con, "views") or ("",))[0] == fingerprint
    for view in ordered:
        try:
            if view.name in given:
                _comment(con, view, ordered)
            else:
                _fill(con, view) if has_shape else _make(con, view, ordered)
        except duckdb.ProgrammingError as error:  # a wrong name or type: the message holds SQL, no data
            raise ViewError(f"{view.path}: {error}") from error
    _drop_others(con, {view.name for view in ordered})
    if not given:
        write_derived(con, "views", fingerprint=fingerprint, loads=current_loads(con))
    return tuple(view.name for view in ordered)


def refill(con: duckdb.DuckDBPyConnection, *, reading: str, views: Path = VIEWS) -> tuple[str, ...]:
    """Fill again, in the caller's open transaction, the tables that read a schema, and those that read them.

    Args:
        con: a warehouse whose views are up to date but for that schema's rows.
        reading: the schema, such as `study`.
        views: the folder of the SQL files.
    """
    stale: set[str] = set()
    for view in order_views(read_views(views)):
        if view.reads & stale or any(name.startswith(f"{reading}.") for name in view.reads_of_others):
            _fill(con, view)
            stale.add(view.name)
    return tuple(stale)


def is_refreshed(con: duckdb.DuckDBPyConnection, *, views: Path = VIEWS) -> bool:
    """Return whether the views' tables are there and made from the present files, options and current loads."""
    derived = read_derived(con, "views")
    names = {_name_of(path, views) for path in _files(views)}
    is_made = derived == (views_fingerprint(con, views), current_loads(con)) and names <= set(_present_tables(con))
    return is_made and (STATE not in names or _has_present_options(con))


def _has_present_options(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the study options are those that the views were made from, also when a person changed a row."""
    row = con.execute(
        f"SELECT count(*) FROM {STATE} WHERE options_md5 IS DISTINCT FROM "
        "(SELECT md5(string_agg(name || '=' || value, chr(10) ORDER BY name)) FROM reference.study_option)"
    ).fetchone()
    return row == (0,)


def views_fingerprint(con: duckdb.DuckDBPyConnection, views: Path = VIEWS) -> str:
    """Hash what the views' tables are made from, loads apart, as parsed: SQL, reference data, options, tables."""
    upgraded, _ = read_derived(con, "upgrade") or ("", None)
    studies, _ = read_derived(con, "studies") or ("", None)
    files = _files(views)
    heads = hashlib.sha256(repr([_read_head(file.read_text(encoding="utf-8")) for file in files]).encode()).hexdigest()
    parts = (heads, reference_fingerprint(), choices_fingerprint(con), upgraded, studies)
    return "".join((fingerprint_parsed([*files, Path(__file__)]), *(part[:16] for part in parts)))


def current_loads(con: duckdb.DuckDBPyConnection) -> str:
    """List the current loads, e.g. `hill=4, north=7`."""
    row = con.execute(
        "SELECT coalesce(string_agg(site_id || '=' || current_load_id, ', ' ORDER BY site_id), '') "
        "FROM audit.site WHERE current_load_id IS NOT NULL"
    ).fetchone()
    return str(row[0]) if row else ""


def read_views(views: Path = VIEWS) -> tuple[View, ...]:
    """Read and parse every SQL file.

    Raises:
        ViewError: a file is not one SELECT, or two make the same table.
    """
    read: dict[str, View] = {}
    for path in _files(views):
        view = _read_view(path, _name_of(path, views))
        if view.name in read:
            raise ViewError(f"{path}: {read[view.name].path} makes {view.name} already; give one of them another name.")
        read[view.name] = view
    return tuple(read.values())


def order_views(views: tuple[View, ...]) -> tuple[View, ...]:
    """Order the views so that each comes after those that it reads.

    Raises:
        ViewError: a view reads a table of the views' schemas that no file makes, or views read one another.
    """
    by_name = {view.name: view for view in views}
    for view in views:
        for read in sorted(view.reads - by_name.keys()):
            raise ViewError(f"{view.path}: it reads {read}, and there is no file {_place_of(read)}.")
    try:
        order = TopologicalSorter({view.name: sorted(view.reads) for view in views}).static_order()
        return tuple(by_name[name] for name in order)
    except CycleError as error:
        raise ViewError(
            f"warehouse/views: these read one another in a circle: {' -> '.join(error.args[1])}."
        ) from error


def _files(views: Path) -> list[Path]:
    return sorted(views.rglob("*.sql"))


def _name_of(path: Path, views: Path) -> str:
    """Name the table that a file makes: its outermost folder is the schema, the folders between are for the reader."""
    return f"{path.relative_to(views).parts[0]}.{path.stem}"


def _place_of(name: str) -> str:
    """Say where the file of a table would lie."""
    schema, _, table = name.partition(".")
    return f"{schema}/.../{table}.sql"


def _read_view(path: Path, name: str) -> View:
    if name.partition(".")[0] not in DERIVED:
        raise ViewError(f"{path}: the folder must be one of {', '.join(DERIVED)}.")
    sql = path.read_text(encoding="utf-8").rstrip().removesuffix(";")
    comment, column_comments = _read_head(sql)
    tables = _read_sources(path, sql)
    reads = frozenset(table for table in tables if table.partition(".")[0] in DERIVED)
    return View(name, path, sql, reads, tables - reads, comment, column_comments)


@cache
def _read_sources(path: Path, sql: str) -> frozenset[str]:
    """Name the tables that a SELECT reads."""
    try:
        names = _parser().get_table_names(f"SELECT * FROM (\n{sql}\n)", qualified=True)
    except duckdb.Error as error:
        raise ViewError(f"{path}: the file must be one SELECT. {error}") from error
    return frozenset(name.partition(" AS ")[0] for name in names)  # DuckDB lists a table with its alias


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """Open an engine that only parses."""
    return duckdb.connect()


def _read_head(sql: str) -> tuple[str, dict[str, str]]:
    """Read the comment lines at the head of a file: the table's text, then `@column: text`, each over any lines."""
    texts: dict[str, list[str]] = {"": []}
    column = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        text = line.removeprefix("--").strip()
        if named := re.match(r"@(\w+|\*):\s*(.*)", text):
            column, text = named[1], named[2]
            texts[column] = []
        texts[column].append(text)
    joined = {name: " ".join(filter(None, lines)) for name, lines in texts.items()}
    return joined.pop(""), joined


def _within_reach(ordered: tuple[View, ...], given: Collection[str]) -> tuple[View, ...]:
    """Select the given tables, and the views that can be built from them alone."""
    reached: dict[str, View] = {}
    for view in ordered:
        is_buildable = view.reads <= reached.keys() and all(
            name.partition(".")[0] in WITHOUT_PATIENTS for name in view.reads_of_others
        )
        if view.name in given or is_buildable:
            reached[view.name] = view
    return tuple(reached.values())


def _make(con: duckdb.DuckDBPyConnection, view: View, views: tuple[View, ...]) -> None:
    con.execute(f"CREATE OR REPLACE TABLE {view.name} AS\n{view.sql}")
    _comment(con, view, views)


def _comment(con: duckdb.DuckDBPyConnection, view: View, views: tuple[View, ...]) -> None:
    comment_new_table(con, view.name, view.comment, _known_columns(con, view, views))


def _fill(con: duckdb.DuckDBPyConnection, view: View) -> None:
    con.execute(f"TRUNCATE {view.name}")
    con.execute(f"INSERT INTO {view.name}\n{view.sql}").fetchall()


def _known_columns(con: duckdb.DuckDBPyConnection, view: View, views: tuple[View, ...]) -> dict[str, str]:
    comments = dict(view.column_comments)
    if like := comments.pop(AS_OF, None):
        comments |= {
            name: text for other in views if other.name == like for name, text in other.column_comments.items()
        }
    names = [column[0] for column in con.execute(f"SELECT * FROM {view.name} LIMIT 0").description or ()]
    if set(names) != comments.keys():
        off = ", ".join(sorted(set(names) ^ comments.keys()))
        raise ViewError(
            f"{view.path}: columns and '-- @column:' lines at its head must be the same; they differ in {off}."
        )
    return {name: comments[name] for name in names}


def _drop_others(con: duckdb.DuckDBPyConnection, kept: set[str]) -> None:
    for name in _present_tables(con):
        if name not in kept:
            con.execute(f"DROP TABLE {name}")


def _present_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND list_contains(?, schema_name)",
        [list(DERIVED)],
    ).fetchall()
    return [name for (name,) in rows]
