"""Planted defects: the answer key is true, every defect is found at its address, and nothing else is refused."""

import csv
from pathlib import Path

import duckdb
import pytest

from etl.errors import DeliveryError
from etl.findings import RULES
from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.defects.answer_key import ANSWER_KEY, REFUSED, PlantedDefect, read_answer_key
from etl.synthetic.hospitals import find_hospital
from etl.synthetic.synthesize import synthesize
from schemas.tables import TABLES

REFUSED_SETS = [defect.defect_set for defect in find_hospital("snuh").defects.files if defect.rule == REFUSED]
FOUND_SETS = [
    "records",
    *(defect.defect_set for defect in find_hospital("snuh").defects.files if defect.rule != REFUSED),
]
AFTER_A_FULL_DELIVERY = "shortened"


@pytest.fixture(scope="module")
def defects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the defective deliveries."""
    raw_dir = tmp_path_factory.mktemp("raw")
    synthesize(raw_dir, sites=["snuh"], defects=True)
    return raw_dir / "defects"


def answers(defects: Path, defect_set: str) -> list[PlantedDefect]:
    return [answer for answer in read_answer_key(defects / ANSWER_KEY) if answer.defect_set == defect_set]


def settings_for(defects: Path, defect_set: str, data_dir: Path) -> Settings:
    """Settings under which one set is what the hospitals sent."""
    data_dir.mkdir(exist_ok=True)
    (data_dir / "raw").unlink(missing_ok=True)
    (data_dir / "raw").symlink_to(defects / defect_set)
    return Settings(data_dir=data_dir, reports_dir=data_dir / "reports")


def test_every_planted_value_stands_at_its_address(defects: Path) -> None:
    planted = answers(defects, "records")
    assert len(planted) > 60
    for answer in planted:
        path = defects / "records" / "snuh" / "2016-04" / answer.file
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        cells = rows[answer.record or 0]
        if answer.column:
            assert cells[rows[0].index(answer.column)] == answer.planted, answer
        else:
            assert cells == answer.planted.split("\x1f"), answer
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        assert next(csv.reader([lines[(answer.line or 0) - 1]])) == cells


def test_the_key_speaks_of_rules_and_tables_that_exist(defects: Path) -> None:
    for answer in read_answer_key(defects / ANSWER_KEY):
        assert answer.rule in {*RULES, REFUSED, ""}
        assert answer.table in {*TABLES, ""}
        assert answer.cost in {"cell", "row", "none", ""}


def test_the_answer_key_leads_back_to_the_clean_delivery(defects: Path) -> None:
    clean, corrected = defects.parent / "snuh" / "2016-04", defects / "corrected" / "snuh" / "2016-04"
    for path in clean.iterdir():
        assert (corrected / path.name).read_bytes() == path.read_bytes(), path.name


def test_nobody_has_two_defects(defects: Path) -> None:
    places = {(answer.file, answer.record) for answer in answers(defects, "records")}
    swapped = [answer for answer in answers(defects, "records") if "swapped" in answer.kind]
    assert len(places) == len(answers(defects, "records")) - len(swapped) / 2


@pytest.mark.parametrize("defect_set", [name for name in REFUSED_SETS if name != AFTER_A_FULL_DELIVERY])
def test_a_spoilt_file_is_refused_with_a_sentence(defects: Path, tmp_path: Path, defect_set: str) -> None:
    settings = settings_for(defects, defect_set, tmp_path / "data")
    with pytest.raises(DeliveryError) as caught:
        ingest("snuh", settings=settings)
    assert any(
        answer.file in str(caught.value) or "시술" in str(caught.value) for answer in answers(defects, defect_set)
    )


@pytest.mark.slow
@pytest.mark.parametrize("defect_set", FOUND_SETS)
def test_every_defect_is_found_at_its_address_and_no_clean_row_is_refused(
    defects: Path, tmp_path: Path, defect_set: str
) -> None:
    settings = settings_for(defects, defect_set, tmp_path / "data")
    ingest("snuh", settings=settings)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        findings = con.execute(
            "SELECT f.file, coalesce(q.source_record, 0), coalesce(q.source_column, ''), q.rule, q.cost "
            "FROM quality.finding AS q LEFT JOIN audit.source_file AS f USING (source_id)"
        ).fetchall()
        refused = con.execute(
            "SELECT DISTINCT f.file, q.source_record FROM quality.quarantined_row AS q "
            "JOIN audit.source_file AS f USING (source_id)"
        ).fetchall()
    for answer in answers(defects, defect_set):
        if not answer.rule:
            continue
        # A rule on staged rows names the canonical column only, so the source's is empty there.
        at_address = [
            (rule, cost)
            for file, record, column, rule, cost in findings
            if file == answer.file
            and record in (answer.record or 0, 0)
            and (not answer.column or column == answer.column)
        ]
        assert (answer.rule, answer.cost) in at_address, (answer, at_address)
    rows = {(answer.file, answer.record) for answer in answers(defects, defect_set) if answer.cost == "row"}
    assert len(set(refused) - rows) == 2, "beside the planted ones, the clean delivery's own two odd results"


@pytest.mark.slow
def test_a_shortened_file_is_told_from_the_last_delivery(defects: Path, tmp_path: Path) -> None:
    ingest("snuh", settings=settings_for(defects.parent, ".", tmp_path / "data"))
    with pytest.raises(DeliveryError, match=r"72 % of the .* of the last delivery"):
        ingest("snuh", settings=settings_for(defects, AFTER_A_FULL_DELIVERY, tmp_path / "data"))
