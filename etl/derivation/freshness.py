"""Freshness: whether the files have changed since the warehouse was built, and which command brings it up to date.

A derivation (views, study options, studies, reports) is stale by its own files alone, an assessment by the rules, a load
by what its rows depend on. Files whose bytes are those that were found to be fresh are not parsed again.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from etl.settings import Settings
from warehouse.errors import HccError
from warehouse.fingerprint import PROJECT, fingerprint_files, read_derived

if TYPE_CHECKING:
    import duckdb

    from etl.loads.books import Load

TYPED = "typed"
"""Names the bytes of the files, in audit.derived and audit.ingredient, that were last found to be fresh."""
PROGRAMS = ("schemas", "warehouse", "etl")
SUFFIXES = (".py", ".sql", ".csv", ".html", ".css")
MADE_UP = PROJECT / "etl" / "synthetic"
PACKAGES = (
    "duckdb",
    "great-expectations",
    "numpy",
    "pandas",
    "pandera",
    "pyarrow",
    "pyreadstat",
    "sqlglot",
)


def stale_sentence(con: "duckdb.DuckDBPyConnection", settings: Settings) -> str | None:
    """Say in one line what differs, and which command brings it up to date; None when nothing does.

    Args:
        con: a connection that can read the warehouse; nothing is written.
        settings: where mappings and studies lie.
    """
    from etl.loads.books import current_loads

    if not _has_books(con):
        return "The warehouse was made by an older version of this program: run 'hcc derive'."
    derived = [] if (read_derived(con, TYPED) or ("",))[0] == typed(settings) else stale_derivations(con, settings)
    stale_loads: dict[str, list[str]] = {}
    rolled_back: list[str] = []
    unread = []
    for load in current_loads(con):
        try:
            again, made_from = _compare(con, load, settings)
        except HccError:
            unread.append(load.site_id)
            continue
        derived += again
        if made_from and _is_left_alone(con, load, settings):
            rolled_back.append(_sentence_of_rolled_back(load, made_from))
        elif made_from:
            stale_loads[load.site_id] = made_from
    sentences = []
    if derived:
        what = ", ".join(dict.fromkeys(derived))
        sentences.append(f"Files differ from what the warehouse was built from ({what}): run 'hcc derive'.")
    if stale_loads:
        what = "; ".join(f"{site}: {', '.join(names)}" for site, names in stale_loads.items())
        sentences.append(f"Loads were made from other files than those of today ({what}): run 'hcc ingest-all'.")
    sentences += rolled_back
    if unread:
        sentences.append(f"The mapping of {', '.join(unread)} cannot be read: run 'hcc check-mapping {unread[0]}'.")
    return " ".join(sentences) or None


def stale_derivations(con: "duckdb.DuckDBPyConnection", settings: Settings) -> list[str]:
    """Name what is derived from other files than those of today."""
    from etl.report.fingerprint import PART, reports_fingerprint
    from etl.study.definition.load import studies_fingerprint
    from warehouse.model.upgrade import upgrade_fingerprint
    from warehouse.reference.load import reference_fingerprint
    from warehouse.reference.option_choice import choices_fingerprint
    from warehouse.views.refresh import is_refreshed

    present = {
        "tables": ("upgrade", upgrade_fingerprint()),
        "reference data": ("reference", reference_fingerprint() + choices_fingerprint(con)),
        "studies": ("studies", studies_fingerprint(settings.studies_dir)),
        "reports": (PART, reports_fingerprint()),
    }
    known = {name: (read_derived(con, part) or (None,))[0] for name, (part, _) in present.items()}
    stale = [name for name, (_, today) in present.items() if known[name] not in (None, today)]
    is_built = read_derived(con, "views") is not None  # else nothing was ever published
    if is_built and stale in ([], ["reports"]) and not is_refreshed(con):  # the views follow whatever else is stale
        stale.append("views")
    return stale


def stale_ingredients(known: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """Name the ingredients of a load's rows that are others today than those that it was made from."""
    return [name for name, fingerprint in present.items() if name != "notes" and known.get(name) != fingerprint]


def typed(settings: Settings) -> str:
    """Hash the bytes of every file that something may be derived from, and the versions of the packages."""
    studies = [path for path in settings.studies_dir.rglob("*") if path.is_file()]
    return hashlib.sha256(f"{_programs()} {fingerprint_files(studies)}".encode()).hexdigest()


def typed_of_site(settings: Settings, site_id: str) -> str:
    """Hash the bytes of a hospital's mapping and of every program, and the versions of the packages."""
    folder = settings.mappings_dir / site_id
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".csv"})
    return hashlib.sha256(f"{_programs()} {_bytes_in(folder, files)}".encode()).hexdigest()


def _compare(con: "duckdb.DuckDBPyConnection", load: "Load", settings: Settings) -> tuple[list[str], list[str]]:
    """Name what must be derived again of a load, and the ingredients that its rows were made from in another form."""
    from etl.loads.books import read_ingredients

    known = read_ingredients(con, load.load_id)
    if known.get(TYPED) == typed_of_site(settings, load.site_id):
        return [], []
    from etl.mapping.read_mapping import read_mapping
    from etl.quality.fingerprint import assessment_fingerprint
    from etl.receiving.ingredients import NOTES, standing_ingredients

    mapping = read_mapping(settings.mappings_dir, load.site_id)
    present = standing_ingredients(mapping)
    made_from = stale_ingredients(known, present)
    again = [] if known.get(NOTES) == present[NOTES] or "mapping" in made_from else ["notes of mappings"]
    again += (
        []
        if load.assessed_by == assessment_fingerprint(mapping.not_collected, mapping.expectations)
        else ["quality rules"]
    )
    return again, made_from


def _is_left_alone(con: "duckdb.DuckDBPyConnection", load: "Load", settings: Settings) -> bool:
    """Whether ingest-all would leave a hospital alone: its newest delivery, or what is made of it today, was rolled back.

    The newest delivery is known by its folder's name alone, for reading its files would take longer than any answer.
    """
    from etl.delivery.folder import newest_folder
    from etl.loads.books import read_ingredients, read_loads
    from etl.mapping.read_mapping import read_mapping
    from etl.receiving.ingredients import standing_ingredients

    withdrawn = "SELECT count(*) FROM audit.delivery WHERE site_id = ? AND label = ? AND withdrawn_at IS NOT NULL"
    newest = newest_folder(settings.raw_dir, load.site_id)
    if con.execute(withdrawn, [load.site_id, newest]).fetchone() != (0,):
        return True
    present = standing_ingredients(read_mapping(settings.mappings_dir, load.site_id))
    same_delivery = read_loads(con, "delivery_id = ? AND state = 'withdrawn'", load.delivery_id)
    return any(not stale_ingredients(read_ingredients(con, other.load_id), present) for other in same_delivery)


def _sentence_of_rolled_back(load: "Load", made_from: list[str]) -> str:
    return (
        f"{load.site_id} shows a load made from other files than those of today ({', '.join(made_from)}), because what "
        f"came after it was rolled back. To make it again, name its delivery: "
        f"'hcc ingest {load.site_id} --delivery {load.delivery}'."
    )


def _has_books(con: "duckdb.DuckDBPyConnection") -> bool:
    there = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = 'audit' AND table_name = 'ingredient'"
    ).fetchone()
    return there == (1,)


def _bytes_in(folder: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _programs() -> str:
    files = (path for folder in PROGRAMS for path in (PROJECT / folder).rglob("*") if path.suffix in SUFFIXES)
    versions = [_version(name) for name in PACKAGES]
    return fingerprint_files(path for path in files if MADE_UP not in path.parents) + str(versions)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # pragma: no cover - all of them are required
        return None
