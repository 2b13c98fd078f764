"""Judge mapping files and code lists: read and compiled as `hcc check-mapping` does, or refused with file and line."""

import re
import unicodedata
from pathlib import Path
from typing import Any

from tools.fuzz.case import EQUAL, FAILED, REFUSED, WHOLE, Case, Verdict
from tools.fuzz.second.delimited import UnreadableError, read_records
from warehouse.errors import MappingError

_PLACE = re.compile(r"[^\n]*?:\d+: ")


def judge_mapping(case: Case, folder: Path) -> Verdict:
    """Read a site's folder and compile it; any exception but a refusal with file and line is raised unchanged."""
    from etl.mapping.compiler.compile import compile_table
    from etl.mapping.compiler.over_parts import compile_over_parts
    from etl.mapping.compiler.source_columns import never_filled, used_columns
    from etl.mapping.read_mapping import read_mapping

    site = case.what.partition(";")[0].partition(",")[0]
    for name, data in case.files.items():
        path = folder / site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        mapping = read_mapping(folder, site)
        columns_of = {source: tuple(used_columns(mapping, source)) for source in mapping.sources}
        for table in mapping.tables:
            compile_table(mapping, table, columns_of)
            compile_over_parts(mapping, table)
        never_filled(mapping)
    except MappingError as error:
        if case.kind == WHOLE:
            return Verdict(FAILED, f"a whole mapping is refused: {error}")
        if not all(_PLACE.match(line) for line in str(error).splitlines()):
            return Verdict(FAILED, f"a refusal without file and line: {error}")
        return Verdict(REFUSED)
    lost = _lost(case.files["mapping.yaml"], mapping)
    return Verdict(FAILED, lost) if lost else Verdict(EQUAL)


def judge_code_list(case: Case, folder: Path) -> Verdict:
    """Read a code list and compare every code and value."""
    from etl.mapping.code_files import read_code_file

    path = folder / case.name
    path.parent.mkdir()
    path.write_bytes(case.files[case.name])
    found, flaws, refusal = read_code_file(folder, case.name)
    if refusal or flaws or found is None:
        return Verdict(REFUSED, refusal or (flaws[0].sentence if flaws else "nothing is returned"))
    try:
        text = unicodedata.normalize("NFC", case.files[case.name].decode("utf-8-sig"))
        records = [cells for _, cells in read_records(text, ",") if any(cell.strip() for cell in cells)]
    except (UnicodeDecodeError, UnreadableError) as error:
        return Verdict(FAILED, f"it is read, but {error}")
    wanted = {cells[0].strip(): cells[1].strip() or None for cells in records[1:]}
    if dict(found.entries) != wanted or len(wanted) != len(records) - 1:
        unlike = next(iter(dict(found.entries).items() ^ wanted.items()), None)
        return Verdict(FAILED, f"other codes than in the file: {unlike}")
    return Verdict(EQUAL)


def _lost(data: bytes, mapping: Any) -> str:
    """Name what stands in the file and is not in what was read, by a plain reading of the YAML."""
    import yaml

    plain = yaml.load(data.decode("utf-8-sig"), yaml.BaseLoader)  # noqa: S506 - it makes texts alone
    tables = plain.get("tables") or {}
    read = {
        "sources": set(mapping.sources),
        "tables": set(mapping.tables),
        "identity": set(mapping.identity),
    }
    for what, names in read.items():
        if names != {str(name) for name in plain.get(what) or {}}:
            return f"{what}: {sorted(names)}"
    for name, table in tables.items():
        parts = table if isinstance(table, list) else [table]
        wanted = sorted(column for part in parts for column in part.get("columns") or {})
        found = mapping.tables[name]
        mine = sorted(
            column for part in (found if isinstance(found, list | tuple) else [found]) for column in part.columns
        )
        if wanted != mine:
            return f"{name}: the columns {mine}, not {wanted}"
    return ""
