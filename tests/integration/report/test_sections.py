"""A section of a report is two files: what it collects, and the template of the same name next to it."""

import html
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

import pytest
from support.quality_warehouse import build_warehouse

from etl.report.load import sections
from etl.report.load.facts import LoadFacts
from etl.report.load.render import make_environment
from etl.report.load.sections import section_modules
from etl.report.load.write import write_report
from warehouse.file.connect import raw_connection
from warehouse.reference.load import load_reference

FOLDER = Path(sections.__file__).parent


def unpaired(folder: Path) -> list[str]:
    """Name the files of a folder of sections that have no companion."""
    names = {suffix: {path.stem for path in folder.glob(f"*{suffix}")} - {"__init__"} for suffix in (".py", ".html")}
    alone = names[".py"] ^ names[".html"]
    return sorted(path.name for path in folder.iterdir() if path.stem in alone)


def test_no_section_has_only_one_of_its_two_files() -> None:
    assert unpaired(FOLDER) == []


@pytest.mark.parametrize("planted", ["blood.py", "blood.html"])
def test_a_section_with_one_file_is_found(planted: str, tmp_path: Path) -> None:
    for path in FOLDER.glob("c*.*"):
        (tmp_path / path.name).touch()
    (tmp_path / "__init__.py").touch()
    assert unpaired(tmp_path) == []
    (tmp_path / planted).touch()
    assert unpaired(tmp_path) == [planted]


def test_every_section_has_a_place_and_a_heading_of_its_own() -> None:
    modules = section_modules()
    assert len(modules) == len(list(FOLDER.glob("*.html"))) >= 11
    for name in ("PLACE", "TITLE"):
        assert len({getattr(module, name) for module in modules}) == len(modules)
    assert [module.TITLE for module in modules][::10] == ["What came", "Provenance"]


@pytest.fixture
def new_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two files, in a folder that the sections are looked for in, too."""
    (tmp_path / "planted_section.py").write_text(
        "from dataclasses import dataclass\n"
        "PLACE, TITLE = 15, 'A planted section'\n"
        "@dataclass(frozen=True)\n"
        "class Planted:\n"
        "    rows: int\n"
        "def collect(facts):\n"
        "    return Planted(facts.counts.rows_loaded) if facts.load.is_synthetic else None\n",
        encoding="utf-8",
    )
    (tmp_path / "planted_section.html").write_text(
        "<p>{{ data.rows }} planted in {{ load.site_id }}</p>", encoding="utf-8"
    )
    monkeypatch.setattr(sections, "__path__", [*sections.__path__, str(tmp_path)])
    make_environment.cache_clear()
    yield
    make_environment.cache_clear()


@pytest.mark.usefixtures("new_section")
def test_two_files_are_a_section_on_the_page_and_in_the_json(tmp_path: Path) -> None:
    engine = build_warehouse(tmp_path / "warehouse.duckdb", results=2)
    with raw_connection(engine) as con:
        page = write_report(con, "snuh", load_id=1, reports_dir=tmp_path)
        text = page.read_text(encoding="utf-8")
        assert '<a href="#planted_section">A planted section</a>' in text
        section = text.partition('<section id="planted_section">')[2].partition("</section>")[0]
        assert "planted in snuh</p>" in section
        assert text.index('id="came"') < text.index('id="planted_section"') < text.index('id="ledger"')
        assert '"planted_section": {"rows": ' in page.with_suffix(".json").read_text(encoding="utf-8")
        con.execute("update audit.load set is_synthetic = false")
        write_report(con, "snuh", load_id=1, reports_dir=tmp_path)
        assert "planted_section" not in page.read_text(encoding="utf-8"), "nothing to do with this load"
    engine.dispose()


def test_what_a_section_collects_is_a_frozen_dataclass(tmp_path: Path) -> None:
    from etl.report.load.collect import collect_report

    engine = build_warehouse(tmp_path / "warehouse.duckdb", results=2)
    with raw_connection(engine) as con:
        for section in collect_report(con, "snuh", load_id=1).sections:
            assert is_dataclass(section.data)
            assert section.data.__dataclass_params__.frozen, section.name
    engine.dispose()
    assert is_dataclass(LoadFacts)


def test_every_option_is_printed_with_default_value_who_and_when(tmp_path: Path) -> None:
    engine = build_warehouse(tmp_path / "warehouse.duckdb", results=2)
    with raw_connection(engine) as con:
        load_reference(con)
        con.execute(
            "update reference.study_option set value = '36', chosen_by = 'kim', chosen_at = timestamp '2026-11-30 08:15:00' "
            "where name = 'long_term_months'"
        )
        every = con.execute("select name, value from reference.study_option order by name").fetchall()
        text = write_report(con, "snuh", load_id=1, reports_dir=tmp_path).read_text(encoding="utf-8")
    engine.dispose()
    options = text.partition('<section id="options">')[2].partition("</section>")[0]
    rows = re.findall(r"<tr><td.*?</tr>", options, flags=re.DOTALL)
    assert len(rows) == len(every) > 30
    for (name, value), row in zip(every, rows, strict=True):
        said = html.unescape(row)
        assert f'<tr><td>{name.replace("_", " ")}</td><td class="value">' in said
        if name == "long_term_months":
            assert '<b>36</b> months</td><td class="value soft">24</td><td><bdi>kim</bdi><br>' in said
            assert '<span class="small soft keep">2026-11-30 08:15 UTC</span>' in said
        else:
            assert f'<td class="value soft">{value}</td><td><span class="soft">default</span></td>' in said
    assert f"1 of {len(every)} is chosen by somebody." in options
