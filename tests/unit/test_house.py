"""How the house is built: which way imports run, what no file may name, what is rendered is current."""

import ast
import re
from pathlib import Path

import pytest

from schemas.catalogue import all_tables
from schemas.code_list import code_list_names, read_code_list
from schemas.dictionary import PATH as DICTIONARY
from schemas.dictionary import render_dictionary

LAYERS = ["schemas", "warehouse", "etl"]
MODULES = [path for layer in LAYERS for path in sorted(Path(layer).rglob("*.py"))]
SITES = sorted(path.name for path in Path("site_mappings").iterdir() if path.is_dir() and not path.name.startswith("_"))
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


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[:2] != ("etl", "synthetic")], ids=str)
def test_no_program_names_a_hospital(path: Path) -> None:
    """Examples may: those of `--help`, a command to type (SITE=...), and what follows an 'e.g.'."""
    text = path.read_text(encoding="utf-8")
    if path.parts[:2] == ("etl", "commands"):
        text = re.sub(r'Example:.*?"""', "", text, flags=re.DOTALL)
    text = "\n".join(line for line in text.splitlines() if "SITE=" not in line and "e.g." not in line)
    assert SITES
    named = [site for site in SITES if re.search(rf"\b{re.escape(site)}\b", text, flags=re.IGNORECASE)]
    assert named == []


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
