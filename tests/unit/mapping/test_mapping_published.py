"""What is published about the language: the schema is current, the sites are valid."""

import json
from pathlib import Path

import pytest

from etl.mapping.compiler.compile import compile_table
from etl.mapping.compiler.source_columns import used_columns
from etl.mapping.language.yaml_lines import read_yaml
from etl.mapping.read_mapping import read_mapping
from etl.mapping.schema_json import mapping_schema, schema_text

MAPPINGS = Path(__file__).parents[3] / "site_mappings"
SITES = sorted(path.parent.name for path in MAPPINGS.glob("*/mapping.yaml"))


def test_the_published_schema_is_current():
    published = (MAPPINGS / "mapping.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run: python -m etl.mapping.schema_json"


@pytest.mark.parametrize("site", SITES)
def test_a_sites_mapping_compiles_and_fits_the_schema(site):
    jsonschema = pytest.importorskip("jsonschema")
    mapping = read_mapping(MAPPINGS, site)
    delivered = {source: tuple(used_columns(mapping, source)) for source in mapping.sources}
    for table in mapping.tables:
        for plan in compile_table(mapping, table, delivered):
            assert plan.rows.startswith("WITH trimmed AS (")
    data = read_yaml((MAPPINGS / site / "mapping.yaml").read_text(encoding="utf-8")).data
    jsonschema.validate(data, mapping_schema())


def test_the_schema_knows_the_canonical_names():
    schema = json.loads(schema_text())
    columns = schema["$defs"]["table_lab_result"]["properties"]["columns"]["properties"]
    assert "reported_value" in columns
    assert "value" not in columns
    assert (
        "Codes: male, female"
        in schema["$defs"]["table_patient"]["properties"]["columns"]["properties"]["sex"]["description"]
    )
