"""How the house is built: which way imports run, what no file may name, what is rendered is current."""

import ast
import re
from pathlib import Path

import pytest
from hospital_names import hospital_names, named_in_python, named_in_text

from schemas.catalogue import all_tables
from schemas.code_list import code_list_names, read_code_list
from schemas.dictionary import PATH as DICTIONARY
from schemas.dictionary import render_dictionary

LAYERS = ["schemas", "warehouse", "etl"]
MODULES = [path for layer in LAYERS for path in sorted(Path(layer).rglob("*.py"))]
MADE_UP = Path("etl/synthetic/hospitals")
PROGRAMS = [
    path
    for folder in (*LAYERS, "tools")
    for path in sorted(Path(folder).rglob("*.*"))
    if path.suffix in {".py", ".sql", ".html", ".sh"} and MADE_UP not in path.parents
]
HOSPITALS = hospital_names(Path("site_mappings"))
LOCK = Path("requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    later = LAYERS[LAYERS.index(path.parts[0]) + 1 :]
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            imported.add((node.module or "").partition(".")[0])
    assert imported & set(later) == set()


@pytest.mark.parametrize("path", PROGRAMS, ids=str)
def test_no_program_names_a_hospital(path: Path) -> None:
    """A hospital is its folder under site_mappings; only the make-believe hospitals are programs."""
    text = path.read_text(encoding="utf-8")
    named = named_in_python(text, HOSPITALS) if path.suffix == ".py" else named_in_text(text, HOSPITALS)
    assert named == []


SLIPS = [
    # what a program says, and the names found in it
    ("if site == 'hill': pass", ["1: hill"]),
    ("hill_units = {}", ["1: hill"]),
    ("x = 1  # Hill sends cm", ["1: hill"]),
    ("x = f'the {1} of HILL'", ["1: hill"]),
    ("from site_mappings import hill", ["1: hill"]),
    ('"""As hill does."""', ["1: hill"]),
    ('def f():\n    """Say.\n\n    As hill does.\n\n    Example:\n    hcc ingest hill\n    """', ["2: hill"]),
    ('def f():\n    """Say.\n\n    Example:\n    hcc ingest hill\n    """', []),
    ('"""List loads, e.g. `hill=4`."""', []),
    ('x = "loads, e.g. hill=4"', ["1: hill"]),
    ("x = \"Run 'make ingest SITE=hill' first.\"", []),
    ("x = \"Run 'hcc ingest hill' first, then ask hill.\"", ["1: hill"]),
    ("# hcc ingest hill", ["1: hill"]),
    ("uphill = chill = 1", []),
]


@pytest.mark.parametrize(("program", "named"), SLIPS)
def test_a_hospital_that_slips_in_is_found(program: str, named: list[str]) -> None:
    assert named_in_python(program, ["hill"]) == named


def test_a_hospital_in_sql_is_found() -> None:
    assert named_in_text("select 1\nwhere site_id = 'hill' -- and hill's own", ["hill"]) == ["2: hill"]


def test_the_names_are_those_of_the_folders() -> None:
    folders = {path.parent.name for path in Path("site_mappings").glob("[!_]*/mapping.yaml")}
    assert folders <= HOSPITALS
    assert {"severance", "asan", "boramae"} <= HOSPITALS
    assert not {"hospital", "center", "_template"} & HOSPITALS


def test_the_dictionary_is_current() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == render_dictionary(), "run `make docs`"


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_the_dictionary_tells_every_column(table: object) -> None:
    section = render_dictionary().partition(f"\n### {table.name}\n")[2].partition("\n### ")[0]  # type: ignore[attr-defined]
    told = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert told == list(table.column_names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", code_list_names())
def test_the_dictionary_tells_every_code(name: str) -> None:
    section = render_dictionary().partition(f"\n### Codes {name.replace('_', ' ')}\n")[2].partition("\n### ")[0]
    assert section.count("\n| `") == len(read_code_list(name).entries)


def test_the_dictionary_links_to_what_is_there() -> None:
    text = render_dictionary()
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_the_lock_names_no_index_and_no_machine() -> None:
    assert re.findall(r"https?:|file:|/opt|/home|/tmp|--index|--find-links|--extra-index", LOCK) == []


def test_the_lock_pins_every_package_with_hashes() -> None:
    entries = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert [
        entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry
    ] == []


def test_the_lock_has_every_package_that_the_project_asks_for() -> None:
    import tomllib

    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w.-]+", line)[0].lower().replace(".", "-").replace("_", "-") for line in asked}  # type: ignore[index]
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK, flags=re.MULTILINE))
    assert names - locked == set()


def test_the_minor_version_is_pinned_of_a_package_whose_private_method_is_overridden() -> None:
    """`_save_project_config` of Great Expectations may change with any minor version."""
    import tomllib

    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    (asked,) = [line for line in project["dependencies"] if line.startswith("great-expectations")]
    lowest, highest = re.fullmatch(r"great-expectations>=(\d+\.\d+),<(\d+\.\d+)", asked).groups()  # type: ignore[union-attr]
    assert [int(part) for part in highest.split(".")] == [int(lowest.split(".")[0]), int(lowest.split(".")[1]) + 1]
    assert re.search(rf"^great-expectations=={re.escape(lowest)}\.", LOCK, flags=re.MULTILINE)
