"""What the rows of a load depend on, each with its fingerprint; a load is stale when one of them differs.

The ingredients: the delivery's files; the key of its pseudonyms; the meaning of the mapping; the canonical model; the
reference data that the mapping uses; the programs that make rows; the engines. Comments, layout and descriptions are in
none of them, and neither are the views, the quality rules, the reports or the synthetic study.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from etl.findings import RULES
from etl.mapping.language.base import Line
from etl.mapping.language.site_mapping import SiteMapping
from etl.receiving.row_programs import row_program_files
from schemas.catalogue import all_tables, table_facts
from warehouse.fingerprint import PROJECT
from warehouse.parsed import fingerprint_parsed

ENGINES = ("duckdb", "numpy", "pandas", "pandera", "pyarrow", "pyreadstat", "sqlglot")
"""Packages that read, compute or check cells; Python itself, with its tables of Unicode, is one more."""

NOTES = "notes"
"""The one ingredient that no row depends on: what the mapping says only of findings and of itself."""

ABOUT_NO_ROW = {"note", "author", "reviewer"}
"""What any line of a mapping may carry for people."""

WITHOUT_ROWS = ("version", "hospital", "ignore", "not_collected", "ceilings", "expectations")
"""Parts of a mapping that decide what is noted, asked or refused, and no row of what is loaded."""

CONVERSIONS = PROJECT / "schemas" / "reference" / "unit_conversion.csv"
DESCRIPTIVE = ("title", "description", "expected_percent", "kind", "unit_column")
"""Facts of a canonical column that no row depends on."""


def load_ingredients(mapping: SiteMapping, *, delivery: str, key: str) -> dict[str, str]:
    """Fingerprint everything that a load is made from, by name of the ingredient; `notes` is for its findings only.

    Args:
        mapping: the site's mapping with its code lists.
        delivery: fingerprint of the delivery.
        key: fingerprint of the site's key.
    """
    return {"delivery": delivery, "key": key, **standing_ingredients(mapping)}


def standing_ingredients(mapping: SiteMapping) -> dict[str, str]:
    """Fingerprint the ingredients that do not come with a delivery."""
    return {
        "mapping": _hash(mapping_meaning(mapping)),
        "model": model_fingerprint(),
        "reference": _conversions(mapping),
        "programs": row_programs_fingerprint(),
        "engines": engines_fingerprint(),
        NOTES: _hash(mapping_notes(mapping)),
    }


def fingerprint_load(ingredients: Mapping[str, str]) -> str:
    """Hash the ingredients that rows depend on."""
    return _hash({name: value for name, value in sorted(ingredients.items()) if name != NOTES})


def mapping_meaning(mapping: SiteMapping) -> dict[str, Any]:
    """Give what rows depend on of a mapping as plain values, in the order in which it stands there."""
    parts = {name: value for name, value in _plain(mapping).items() if name not in WITHOUT_ROWS}
    for source in parts["sources"].values():
        source.pop("ignore", None)
    return {
        **parts,
        "code files": {name: list(file.entries.items()) for name, file in mapping.code_files.items()},
        "csv tables": {name: [table.columns, *table.rows] for name, table in mapping.csv_tables.items()},
    }


def mapping_notes(mapping: SiteMapping) -> dict[str, Any]:
    """Give what a mapping says of itself, of columns that are not wanted, and of columns that are not collected."""
    ignored = {source: sorted(mapping.ignored_columns(source)) for source in mapping.sources}
    not_collected = {table: sorted(columns) for table, columns in mapping.not_collected.items()}
    return {
        "hospital": mapping.hospital,
        "version": mapping.version,
        "ignored": ignored,
        "not collected": dict(sorted(not_collected.items())),
    }


@cache
def model_fingerprint() -> str:
    """Hash the canonical model with the codes of its code lists, without titles, descriptions and the columns' order."""
    facts = [
        (
            table.name,
            table.key,
            table.parent,
            str(table.harmonisation),
            [
                {name: str(value) for name, value in vars(column).items() if name not in DESCRIPTIVE}
                for column in sorted(table.columns, key=lambda column: column.name)
            ],
        )
        for table in all_tables()
    ]
    return _hash(facts)


@cache
def row_programs_fingerprint() -> str:
    """Hash the programs that make rows, as parsed, and the severity and cost of each of their rules."""
    rules = [(rule.name, rule.category, rule.severity, rule.costs, rule.checks) for rule in RULES.values()]
    return _hash([fingerprint_parsed(row_program_files()), rules])


@cache
def engines_fingerprint() -> str:
    """Hash the versions of the engines that make rows."""
    return _hash({"python": list(sys.version_info[:2]), **{name: _version(name) for name in ENGINES}})


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # pragma: no cover - an engine that is not installed makes no row
        return None


def _conversions(mapping: SiteMapping) -> str:
    """Hash the conversions of units, where the mapping converts any: by `unit`, or in the table that is harmonised."""
    columns = [column for parts in mapping.tables.values() for part in parts for column in part.columns.values()]
    is_harmonised = any(table_facts(table).harmonisation for table in mapping.tables)
    uses_units = is_harmonised or any(column.unit is not None for column in columns)
    return fingerprint_parsed([CONVERSIONS]) if uses_units else ""


def _plain(value: Any) -> Any:
    """Take a part of a mapping apart into plain values, without what its lines say for people."""
    if isinstance(value, Line):
        names = (name for name in type(value).model_fields if name not in ABOUT_NO_ROW)
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=str).encode()).hexdigest()
