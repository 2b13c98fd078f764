"""The examples of docs/reference/mapping.md, each made into a whole mapping: what an example leaves out is filled in around it."""

import re
from pathlib import Path
from typing import Any

from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping
from etl.mapping.language.yaml_lines import read_yaml
from schemas.catalogue import ColumnFacts, TableFacts, all_tables, table_facts
from schemas.code_list import read_code_list

HEAD = {"site": "demo", "hospital": "Demonstration Hospital", "version": 1, "identity": {"환자번호": "pseudonymise"}}
OPTIONS_OF_A_PART = {field.alias or name for name, field in TableMapping.model_fields.items()}


def read_examples(manual: Path) -> dict[str, str]:
    """Give every example by its first line's number in the manual."""
    text = manual.read_text(encoding="utf-8")
    found = re.finditer(r"^```yaml\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return {f"line {text[: example.start(1)].count(chr(10)) + 1}": example[1] for example in found}


def whole_mapping(example: str) -> dict[str, Any]:
    """Fill in around an example what it needs to be a mapping.

    An example is the beginning of a file, a chapter of it, sources, options of a table's part, or canonical columns.
    """
    document = read_yaml(example)
    assert not document.flaws, document.flaws
    data = document.data
    if set(data) <= set(SiteMapping.model_fields):
        mapping = HEAD | data
    elif set(data) <= OPTIONS_OF_A_PART:
        mapping = HEAD | {"tables": {_table_of(data): data}}
    elif all(isinstance(source, dict) and "file" in source for source in data.values()):
        mapping = HEAD | {"sources": data}
    else:
        mapping = HEAD | {"tables": _tables_of(data)}
    mapping["tables"] = {
        table: [_whole_part(table_facts(table), part) for part in (parts if isinstance(parts, list) else [parts])]
        for table, parts in mapping.get("tables", {"patient": {}}).items()
    }
    mapping["identity"] = HEAD["identity"] | mapping["identity"]
    mapping["sources"] = {name: {"file": f"{name}.csv"} for name in _sources_named(mapping)} | mapping.get(
        "sources", {}
    )
    return mapping


def files_named(mapping: dict[str, Any]) -> dict[str, str]:
    """Write the code lists and tables that a mapping names, each with one entry; by name."""
    parts = [part for parts in mapping["tables"].values() for part in parts]
    recodes = [
        column.get("recode") for part in parts for column in part["columns"].values() if isinstance(column, dict)
    ]
    files = {path: "code,value\nX,\n" for path in recodes if isinstance(path, str)}
    for lookup in (lookup for part in parts for lookup in _as_list(part.get("lookup", []))):
        if lookup["from"].startswith("codes/"):
            names = [*dict.fromkeys([*lookup["match"], *lookup["take"].values()])]
            files[lookup["from"]] = f"{','.join(names)}\n{','.join('X' for _ in names)}\n"
    return {path.removeprefix("codes/"): text for path, text in files.items()}


def _tables_of(columns: dict[str, Any]) -> dict[str, Any]:
    """Put each canonical column into the first table that has it."""
    tables: dict[str, Any] = {}
    for name, options in columns.items():
        tables.setdefault(_table_of({"columns": {name: options}}), {"columns": {}})["columns"][name] = options
    return tables


def _table_of(part: dict[str, Any]) -> str:
    """Find the first canonical table that has every canonical column which an example names."""
    merged = part.get("aggregate") or part.get("deduplicate") or {}
    columns = merged.get("columns", {})
    named = {*part.get("columns", {}), *merged.get("by", []), *columns, *filter(None, [merged.get("order_by")])}
    fitting = [facts.name for facts in all_tables() if named <= set(facts.column_names)]
    assert fitting, f"no canonical table has all of {', '.join(sorted(named))}"
    return fitting[0]


def _whole_part(facts: TableFacts, part: dict[str, Any]) -> dict[str, Any]:
    columns = dict(part.get("columns", {}))
    aggregated = part.get("aggregate", {})
    needed = [*(column.name for column in facts.columns if column.required), *aggregated.get("columns", {})]
    for name in needed:
        columns.setdefault(name, _filled(facts.column(name)))
    return {"from": "visits"} | part | {"columns": columns}


def _filled(column: ColumnFacts) -> Any:
    """Fill a column in the plainest way."""
    if column.name == "patient_id":
        return "환자번호"
    if column.codes:
        return {"constant": read_code_list(column.codes).entries[0].code}
    return (
        {"column": column.name, "date": "%Y-%m-%d"}
        if column.sql_type == "DATE"
        else {"column": column.name, "number": {}}
    )


def _sources_named(mapping: dict[str, Any]) -> list[str]:
    parts = [part for parts in mapping["tables"].values() for part in parts]
    lookups = [lookup for part in parts for lookup in _as_list(part.get("lookup", []))]
    named = [each["from"] for each in (*parts, *lookups) if not each["from"].startswith("codes/")]
    return [*dict.fromkeys([*named, *mapping.get("ignore", {})])]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
