"""What goes to a hospital speaks of its own files and patients alone: no other hospital, no pseudonym, no name of the mapping."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.small_site import MAPPING, SITE, people_rows, settings_in, write_delivery
from typer.testing import CliRunner

from etl.cli import app
from etl.pipeline import ingest
from etl.settings import Settings
from schemas.tables import TABLES
from warehouse.reading.query import run_query

OTHER = "dale"
BY_FILE = (
    MAPPING.replace("recode: {남: male, 여: female}", "recode: codes/sexes.csv")
    .replace(
        "  follow_up:\n    from: people\n",
        "  follow_up:\n    from: people\n    lookup:\n"
        "      - {from: codes/ends.csv, match: {state: 상태}, take: {끝: end}}\n",
    )
    # the condition cannot be decided where the cell is empty
    .replace("keep_if: {when: \"결과 <> '취소'\"", 'keep_if: {when: "TRY_CAST(결과 AS DOUBLE) >= 0"')
)


@pytest.fixture(scope="module")
def two_sites(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two hospitals with the same people under their own pseudonyms; one withdraws a patient and sends faults."""
    settings = settings_in(tmp_path_factory.mktemp("two_sites"))
    write_delivery(settings, "2026-10", site=OTHER)
    ingest(OTHER, settings=settings, accept=True)
    write_delivery(settings, "2026-10")
    ingest(SITE, settings=settings, accept=True)
    people = people_rows(40)
    del people[11]
    people[2] = people[2].replace(",남,", ",X,").replace("1950-01-04", "1950-13-04")
    people[4] = people[4].replace(",사망,", ",옮김,")
    write_delivery(settings, "2026-11", people=people)
    folder = settings.mappings_dir / SITE
    (folder / "mapping.yaml").write_text(BY_FILE, encoding="utf-8")
    (folder / "codes").mkdir()
    (folder / "codes" / "sexes.csv").write_text("code,value\n남,male\n여,female\n", encoding="utf-8")
    (folder / "codes" / "ends.csv").write_text("state,end\n사망,1\n생존,2\n", encoding="utf-8")
    ingest(SITE, settings=settings, accept=True)
    return settings


@pytest.fixture
def run(two_sites: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for name in ("data_dir", "reports_dir", "mappings_dir"):
        monkeypatch.setenv(f"HCC_{name.upper()}", str(getattr(two_sites, name)))
    return CliRunner()


def _outputs(run: CliRunner, tmp_path: Path) -> dict[str, str]:
    """Give what the command writes for the hospital in each form."""
    out = tmp_path / "questions.csv"
    written = run.invoke(app, ["findings", SITE, "--for", "hospital", "-o", str(out)])
    assert written.exit_code == 0, written.output
    shown = run.invoke(app, ["findings", SITE, "--for", "hospital"])
    as_json = run.invoke(app, ["findings", SITE, "--for", "hospital", "--json"])
    return {"file": out.read_text(encoding="utf-8"), "screen": shown.stdout, "json": as_json.stdout}


def test_no_other_hospital_no_pseudonym_and_no_name_of_ours(
    run: CliRunner, two_sites: Settings, tmp_path: Path
) -> None:
    patients = run_query(two_sites.warehouse_path, "SELECT DISTINCT patient_id FROM core.patient").rows
    ours = [OTHER, "codes/", "mapping", *(name for name in TABLES if "_" in name), *(each for (each,) in patients)]
    rules = {each["rule"] for each in json.loads(_outputs(run, tmp_path)["json"])}
    assert {"same_person", "patient_withdrawn", "unlisted_code", "lookup_missed", "not_a_date"} <= rules
    for form, text in _outputs(run, tmp_path).items():
        assert [name for name in ours if name in text] == [], form


def test_the_data_manager_reads_all_of_it(run: CliRunner) -> None:
    text = run.invoke(app, ["findings", SITE, "--for", "data-manager"]).stdout
    assert all(name in text for name in (f"of {OTHER}", "codes/sexes.csv", "codes/ends.csv"))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "same_person",
            "people.csv record 1 (line 2), column '번호': the patient may have been treated at another hospital too.",
        ),
        (
            "patient_withdrawn",
            "people.csv of the last delivery record 12 (line 13): the patient is not in this delivery.",
        ),
        (
            "unlisted_code",
            "people.csv record 3 (line 4), column '성별': 'X' is not listed (남, 여). The cell is set aside.",
        ),
        (
            "lookup_missed",
            "people.csv record 5 (line 6), column '상태': no record of the list or table that the cell refers to matches 옮김.",
        ),
    ],
)
def test_the_sentence_is_in_the_words_of_the_hospital(run: CliRunner, rule: str, sentence: str) -> None:
    shown = run.invoke(app, ["findings", SITE, "--rule", rule, "--for", "hospital", "--json"])
    assert sentence in [each["sentence"].replace(" The row is quarantined.", "") for each in json.loads(shown.stdout)]


def test_every_line_still_asks_something(run: CliRunner, tmp_path: Path) -> None:
    rows = list(csv.DictReader(_outputs(run, tmp_path)["file"].splitlines()))
    assert rows
    assert all(row["sentence"] and row["for_hospital"] for row in rows)
