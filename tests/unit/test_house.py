"""How the house is built: which way imports run, what no file may name, what is rendered is current."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.hospital_names import hospital_names, named_in_python, named_in_text

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


FLOORS = (
    # the way of the data, from the ground up: a module imports from its own room and from the floors below it
    "schemas",
    # the warehouse
    "warehouse.errors warehouse.progress warehouse.quoting warehouse.insert warehouse.fingerprint",
    "warehouse.comments warehouse.parsed",
    "warehouse.file",
    "warehouse.reference",
    "warehouse.model",
    "warehouse.views warehouse.reading",
    # the words that every room uses
    "etl.findings etl.settings",
    # receive: read, take identities out, land
    "etl.identity",
    "etl.delivery",
    "etl.readers",
    "etl.mapping",
    "etl.landing",
    "etl.receiving",
    # load: map, gate, ledger, stage, assess, publish, report
    "etl.loads etl.gate",
    "etl.staging",
    "etl.quality",
    "etl.report",
    # derive
    "etl.study",
    "etl.derivation",
    # who knows the order
    "etl.publishing",
    "etl.pipeline",
    "etl.derive etl.study.pipeline",
    "etl.synthetic etl.own_files",
    "etl.ingest_all etl.export",
    # the door
    "etl.commands",
    "etl.cli",
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}


def room_of(module: str) -> str:
    """Name the room that a module lies in; the longest name of the table that the module's name begins with."""
    rooms = [room for room in FLOOR_OF if f"{module}.".startswith(f"{room}.")]
    return max(rooms, key=len, default="no room")


def imports_upward(module: str, program: str) -> list[str]:
    """List the imports of a program that do not run down to a lower floor or stay in the room."""
    here = room_of(module)
    found = []
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        ours = [name for name in names if name.partition(".")[0] in LAYERS]
        rooms = [(name, room_of(name)) for name in ours]
        found += [f"{node.lineno}: {name}" for name, room in rooms if room != here and FLOOR_OF[room] >= FLOOR_OF[here]]
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_import_runs_up_a_floor(path: Path) -> None:
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if module in LAYERS or module.startswith("warehouse.migrations"):
        assert imports_upward("schemas", path.read_text(encoding="utf-8")) == []
    else:
        assert room_of(module) != "no room", "give the module a room, or the room a floor"
        assert imports_upward(module, path.read_text(encoding="utf-8")) == []


UPWARD = [
    # a module, what it imports, and what is found
    ("etl.gate.reasons", "from etl.staging.ledger import MappedPart", ["1: etl.staging.ledger.MappedPart"]),
    ("etl.gate.reasons", "import etl.loads.books", ["1: etl.loads.books"]),  # of one floor, but another room
    ("etl.readers.header", "def f():\n    from etl.landing import land", ["2: etl.landing.land"]),
    ("etl.study.report.page", "from etl.study.pipeline import run_study", ["1: etl.study.pipeline.run_study"]),
    ("warehouse.file.connect", "from warehouse import views", ["1: warehouse.views"]),
    ("etl.staging.stage", "import duckdb\nfrom etl.gate.reasons import open_gate", []),
    ("etl.study.pipeline", "from etl.pipeline import ingest\nfrom etl.study.report import page", []),
]


@pytest.mark.parametrize(("module", "program", "found"), UPWARD)
def test_an_import_that_runs_up_is_found(module: str, program: str, found: list[str]) -> None:
    assert imports_upward(module, program) == found


DEFINED_TWICE = {
    # the study file's own words, as tables of the warehouse, as the forms that are read, and as what is drawn or printed
    **dict.fromkeys(
        ("Study", "Population", "Variable", "Level", "Endpoint", "Curve", "Model", "Condition", "Outcome"),
        "a word of the study file, in its form as a row, as read, or as shown",
    ),
    # the parts that any document or table has
    **dict.fromkeys(
        ("Table", "Column", "Row", "Cell", "Section", "Document", "Figure", "Sheet"),
        "a part of whatever document, table or workbook the module makes or reads",
    ),
    "Group": "of patients in the truth of synthetic exports, and of quarantined rows in the report",
    "Lesion": "the canonical table, and the truth that synthetic exports are made from",
    "Load": "a row of audit.load while it is worked on, and its heading in the report",
    "Expectation": "as the mapping states it, and as the report shows its result",
    "Ceilings": "as the mapping states them, and as the gate applies them",
    "Result": "of a suite of expectations, and of a study: a row of analysis.result",
    "Verdict": "of a load, and of a published figure",
    "Words": "those of a clinical question, and those of a figure; never imported together",
    "Place": "of a clinical question, and of an event on a time line; never imported together",
    "Answer": "to a query, and of hcc respond; never imported together",
    "Judged": "a delivery by the pipeline, and a planted defect by recall; never imported together",
}
"""Public class names that have more than one class, and why; a new one is given a name of its own."""


def defined_twice(programs: Mapping[str, str]) -> set[str]:
    """Find the public names that more than one of these programs gives to a class, or to a Literal as if it were one."""
    found: Counter[str] = Counter()
    for program in programs.values():
        for node in ast.parse(program).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] += 1
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
                found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return {name for name, times in found.items() if times > 1 and not name.startswith("_")}


def test_a_public_class_name_is_defined_once() -> None:
    found = defined_twice({str(path): path.read_text(encoding="utf-8") for path in MODULES})
    assert found - set(DEFINED_TWICE) == set(), "give one of the classes another name"
    assert set(DEFINED_TWICE) - found == set(), "the table of exceptions names what is defined once"


def test_a_name_that_is_defined_twice_is_found() -> None:
    programs = {"a": "class Code: ...\nclass _Own: ...", "b": "class Code: ...\nclass _Own: ..."}
    assert defined_twice(programs) == {"Code"}
    assert defined_twice({"a": "class Reader: ...", "b": "Reader = Literal['x', 'y']"}) == {"Reader"}
    assert defined_twice({"a": "class Code: ...", "b": "from a import Code"}) == set()


def test_on_the_ground_floor_are_only_the_door_the_way_and_the_words() -> None:
    loose = {path.stem for path in Path("etl").glob("*.py")} - {"__init__"}
    assert loose == {"cli", "pipeline", "publishing", "derive", "settings", "findings"}


def test_no_test_lies_outside_of_a_room() -> None:
    rooms = {path.name for path in Path("etl").iterdir() if path.is_dir()} | {"pipeline", "clinical", "warehouse"}
    assert list(Path("tests/integration").glob("*.py")) == []
    assert {path.name for path in Path("tests/integration").iterdir() if any(path.glob("*.py"))} <= rooms


@pytest.mark.parametrize("path", PROGRAMS, ids=str)
def test_no_program_names_a_hospital(path: Path) -> None:
    """A hospital is its folder under site_mappings; only the synthetic hospitals are programs."""
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
