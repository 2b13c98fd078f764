"""The JSON schema of mapping.yaml, for editors: the models' own, with the canonical names and codes filled in.

`python -m etl.mapping.schema_json` writes site_mappings/mapping.schema.json; a test checks that it is current.
"""

import json
from pathlib import Path
from typing import Any

from etl.mapping.language.site_mapping import SiteMapping
from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from schemas.code_list import read_code_list

PATH = Path("site_mappings") / "mapping.schema.json"


def mapping_schema() -> dict[str, Any]:
    """Build the JSON schema of a mapping."""
    schema = SiteMapping.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    definitions["TableMapping"]["properties"].pop("columns")
    tables = {}
    for facts in all_tables():
        definitions[f"table_{facts.name}"] = _table_schema(definitions["TableMapping"], facts)
        part = {"$ref": f"#/$defs/table_{facts.name}"}
        tables[facts.name] = {
            "description": f"One row per {facts.grain.removeprefix('one ')}.",
            "anyOf": [part, {"type": "array", "items": part, "minItems": 1}],
        }
    definitions.pop("TableMapping")
    about = schema["properties"]["tables"]["description"]
    schema["properties"]["tables"] = {
        "description": about,
        "type": "object",
        "properties": tables,
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Write the JSON schema as the text of its file."""
    return json.dumps(mapping_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_schema(path: Path = PATH) -> Path:
    """Write the JSON schema to its file."""
    path.write_text(schema_text(), encoding="utf-8")
    return path


def _table_schema(part: dict[str, Any], facts: TableFacts) -> dict[str, Any]:
    columns = {column.name: _column_schema(column) for column in facts.columns if column.name not in facts.derived}
    required = [column.name for column in facts.columns if column.required]
    properties = part["properties"] | {
        "columns": {"type": "object", "properties": columns, "required": required, "additionalProperties": False}
    }
    return {**part, "title": facts.name, "properties": properties}


def _column_schema(column: ColumnFacts) -> dict[str, Any]:
    codes = [entry.code for entry in read_code_list(column.codes).entries] if column.codes else []
    listed = f" Codes: {', '.join(codes)}." if codes else ""
    return {
        "description": f"{column.title}. {column.description}{listed}",
        "anyOf": [{"type": "string"}, {"$ref": "#/$defs/ColumnMapping"}],
    }


if __name__ == "__main__":
    write_schema()
