"""What an assessment depends on besides the load's rows: the rules, as parsed, and what they compare with."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from etl.mapping.language.expectation_forms import Expectation
from schemas.catalogue import all_tables
from warehouse.fingerprint import PROJECT
from warehouse.parsed import fingerprint_parsed
from warehouse.reference.load import reference_files

HERE = Path(__file__).parent
BESIDES = ("etl/findings.py", "etl/gate/origins.py", "etl/gate/write_findings.py")
"""Programs outside of this package that decide what a finding says."""
NO_RULE_READS = {"study_option.csv"}


def assessment_fingerprint(
    not_collected: Mapping[str, Collection[str]], expectations: Mapping[str, Sequence[Expectation]]
) -> str:
    """Hash everything that an assessment depends on, the load's rows apart.

    Args:
        not_collected: canonical columns by table that the mapping says the hospital does not collect.
        expectations: what the mapping expects of the hospital's loads, by canonical table.
    """
    about_people = {"note", "author", "reviewer"}
    own = {
        table: [each.model_dump(exclude=about_people, exclude_none=True) for each in stated]
        for table, stated in sorted(expectations.items())
    }
    columns = sorted((table, sorted(names)) for table, names in not_collected.items())
    return hashlib.sha256(f"{_rules()} {columns} {own}".encode()).hexdigest()


@cache
def _rules() -> str:
    programs = [*HERE.rglob("*.py"), *HERE.rglob("*.sql"), *(PROJECT / name for name in BESIDES)]
    data = [file for file in reference_files() if file.name not in NO_RULE_READS]
    model = [str(table) for table in all_tables()]
    engines = [version(name) for name in ("duckdb", "great_expectations")]
    return hashlib.sha256(f"{fingerprint_parsed([*programs, *data])} {model} {engines}".encode()).hexdigest()
