"""The JSON schema of a study file, for editors.

`python -m etl.study.definition.schema_json` writes studies/study.schema.json; a test compares it with the models.
"""

import json
from pathlib import Path

from etl.study.definition.study_file import StudyFile

PATH = Path("studies") / "study.schema.json"


def schema_text() -> str:
    """Write the JSON schema as it stands in the file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **StudyFile.model_json_schema(by_alias=True)}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_schema(path: Path = PATH) -> Path:
    """Write the JSON schema to its file."""
    path.write_text(schema_text(), encoding="utf-8")
    return path


if __name__ == "__main__":
    write_schema()
