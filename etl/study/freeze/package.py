"""The frozen data set as a Data Package (https://specs.frictionlessdata.io/data-package/), and its README.

A Parquet file is described twice: as a table with its columns, and as a file with its bytes, because `frictionless`
compares hashes of text and of plain files alone.
"""

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etl.study.definition.study_file import StudyFile
from etl.study.freeze.folder import write_private
from etl.study.freeze.manifest import MANIFEST, hash_file
from etl.study.freeze.tables import Column, FrozenTable

PACKAGE = "datapackage.json"
README = "README.txt"
SYNTHETIC = "SYNTHETIC: these data are make-believe. No patient stands behind them, and no finding rests on them."
PSEUDONYMOUS = "Patients appear under pseudonyms; the keys of the pseudonyms are not part of the data."

_MISSING = ["", "nan", "NaT"]
"""How an empty cell of a Parquet file reaches `frictionless`, which reads it by way of pandas."""
_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "FLOAT": "number",
    "DECIMAL": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "VARCHAR": "string",
}
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
}


def write_package(study: StudyFile, *, tables: Sequence[FrozenTable], folder: Path, is_synthetic: bool) -> None:
    """Write README.txt and datapackage.json over the files that lie in the folder."""
    write_private(folder / README, _readme(study, is_synthetic=is_synthetic).encode())
    by_path = {table.path: table for table in tables}
    resources: list[dict[str, Any]] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if table := by_path.get(name):
            resources.append(_described_table(table))
        is_table = path.suffix == ".csv" and path.parent == folder
        resources.append(_described_file(path, name, is_table=is_table))
    package = {
        "profile": "data-package",
        "name": f"{study.study.replace('_', '-')}-frozen",
        "title": study.title.en,
        "description": " ".join(_first_lines(study, is_synthetic=is_synthetic)),
        "synthetic": is_synthetic,
        "resources": resources,
    }
    write_private(folder / PACKAGE, (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode())


def _described_table(table: FrozenTable) -> dict[str, Any]:
    return {
        "name": _resource_name(table.name),
        "type": "table",
        "path": table.path,
        "format": "parquet",
        "mediatype": _MEDIA_TYPES[".parquet"],
        "description": table.comment,
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": _MISSING},
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "any" if column.type.endswith("]") else _TYPES[column.type.partition("(")[0]]
    facts = {"unit": column.unit, "codeList": column.code_list}
    return {"name": column.name, "type": kind, "description": column.comment} | {
        name: fact for name, fact in facts.items() if fact
    }


def _described_file(path: Path, name: str, *, is_table: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": _resource_name(name),
        "type": "table" if is_table else "file",
        "path": name,
        "format": path.suffix.removeprefix("."),
        "mediatype": _MEDIA_TYPES[path.suffix],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{hash_file(path)}",
    }
    if path.suffix == ".parquet":
        del described["encoding"]
    if is_table:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        described["schema"] = {"fields": [{"name": column, "type": "string"} for column in header]}
    return described


def _resource_name(path: str) -> str:
    """Name a resource as the specification allows: small letters, digits, and . _ -."""
    return re.sub(r"[^a-z0-9._-]", "-", path.lower())


def _first_lines(study: StudyFile, *, is_synthetic: bool) -> list[str]:
    about = f"The locked analysis data set of the study '{study.study}'."
    return [*([SYNTHETIC] if is_synthetic else []), about, PSEUDONYMOUS]


def _readme(study: StudyFile, *, is_synthetic: bool) -> str:
    return "\n".join(
        [
            *_first_lines(study, is_synthetic=is_synthetic),
            "",
            f"Study: {study.title.en}",
            *([f"Source: {study.source}"] if study.source else []),
            "",
            "data/           the tables that every result rests on, as Parquet",
            "studies/        the study file, and the printed figures that it is compared with",
            "codebook.md     what every column, code and variable means (codebook.csv, code_lists.csv, variables.csv)",
            "results.csv     every number of the study as it was when the data were frozen, 10 significant digits",
            "loads.csv       hospitals, loads, deliveries, and the hashes of their files",
            "options.csv     the study options",
            "versions.json   the program and the libraries that made the data and the numbers",
            f"{PACKAGE}  the same as a Data Package: frictionless validate {PACKAGE}",
            f"{MANIFEST}  SHA-256 of every file: sha256sum --check {MANIFEST}",
            "",
            "Whether anything was touched:   hcc freeze --check NAME, NAME being this folder's name.",
            "Every table and figure again:   make study FROM=NAME",
            "",
        ]
    )
