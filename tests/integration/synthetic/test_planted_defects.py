"""Deliveries with planted defects: the answer key is true, and leads back to the clean delivery."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from etl.findings import RULES
from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.defects.answer_key import REFUSED, PlantedDefect
from etl.synthetic.defects.correct import correct
from etl.synthetic.defects.plant import write_defective_deliveries
from etl.synthetic.defects.spoil_records import spoil_records
from etl.synthetic.hospital import write_sheets
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, draw_study
from schemas.tables import TABLES
from warehouse.errors import DeliveryError

pytestmark = pytest.mark.slow

SITES = pytest.mark.parametrize("site_id", hospital_names())


@pytest.fixture(scope="module")
def study() -> Study:
    return draw_study(2021)


def spoil(study: Study, site_id: str) -> tuple[list[Sheet], list[Sheet], list[PlantedDefect]]:
    """The clean sheets, the spoilt ones, and what was planted."""
    hospital = find_hospital(site_id)
    clean = list(hospital.render(study, True))
    spoilt, answers = spoil_records(site_id, clean, plan=hospital.defects, seed=7)
    return clean, spoilt, answers


@SITES
def test_every_planted_value_stands_at_its_address(study: Study, site_id: str) -> None:
    clean, spoilt, answers = spoil(study, site_id)
    before = {(sheet.file, sheet.sheet or ""): sheet for sheet in clean}
    after = {(sheet.file, sheet.sheet or ""): sheet for sheet in spoilt}
    assert len(answers) > 20
    for answer in answers:
        place = answer.file, answer.sheet
        assert answer.record
        if answer.column:
            assert after[place].records[answer.column].iloc[answer.record - 1] == answer.planted, answer
            assert before[place].records[answer.column].iloc[answer.record - 1] == answer.original, answer
            assert answer.planted != answer.original
        else:
            row = after[place].ragged.get(answer.record, tuple(after[place].records.iloc[answer.record - 1]))
            assert "\x1f".join(row) == answer.planted, answer


@SITES
def test_the_answer_key_leads_back_to_the_clean_delivery(study: Study, site_id: str) -> None:
    clean, spoilt, answers = spoil(study, site_id)
    for was, now in zip(clean, correct(spoilt, answers), strict=True):
        assert was.records.to_numpy().tolist() == now.records.to_numpy().tolist(), was.name
        assert [*was.records.columns] == [*now.records.columns]
        assert was.ragged == now.ragged


@SITES
def test_nobody_has_two_defects(study: Study, site_id: str) -> None:
    answers = spoil(study, site_id)[2]
    places = [(answer.file, answer.sheet, answer.record) for answer in answers if "swapped" not in answer.kind]
    assert len(places) == len(set(places))


@SITES
def test_the_plan_speaks_of_rules_and_tables_that_exist(site_id: str) -> None:
    plan = find_hospital(site_id).defects
    for defect in (*plan.cells, *plan.files):
        assert defect.rule in {*RULES, REFUSED, ""}
        assert defect.table in {*TABLES, ""}
        assert defect.cost in {"cell", "row", "none", ""}
    names = [defect.defect_set for defect in plan.files]
    assert len(names) == len(set(names))


@SITES
def test_a_spoilt_file_is_refused_with_a_sentence_and_nothing_is_loaded(
    study: Study, site_id: str, tmp_path: Path
) -> None:
    hospital = find_hospital(site_id)
    write_defective_deliveries(tmp_path / "defects", sites=[site_id], study=study, seed=7)
    refused = [defect for defect in hospital.defects.files if defect.rule == REFUSED and not defect.is_second]
    assert refused
    for defect in refused:
        data_dir = tmp_path / "data"
        data_dir.mkdir(exist_ok=True)
        (data_dir / "raw").unlink(missing_ok=True)
        (data_dir / "raw").symlink_to(tmp_path / "defects" / defect.defect_set)
        settings = Settings(data_dir=data_dir, reports_dir=data_dir / "reports")
        with pytest.raises(DeliveryError) as caught:
            ingest(site_id, settings=settings)
        assert str(caught.value).endswith((".", "?")), defect.defect_set
        assert len(str(caught.value)) > 40, defect.defect_set


@SITES
def test_a_cell_of_the_answer_key_is_the_one_that_excel_shows(study: Study, site_id: str, tmp_path: Path) -> None:
    _, spoilt, answers = spoil(study, site_id)
    hospital = find_hospital(site_id)
    write_sheets(hospital, tmp_path, spoilt)
    in_sheets = [answer for answer in answers if answer.sheet and answer.column]
    assert all(answer.cell for answer in in_sheets)
    assert not any(answer.cell for answer in answers if answer not in in_sheets)
    books = {file: openpyxl.load_workbook(tmp_path / file) for file in {answer.file for answer in in_sheets}}
    for answer in in_sheets:
        cell = books[answer.file][answer.sheet][answer.cell]
        assert (cell.row, _text(cell.value)) == (answer.line, answer.planted), answer


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value).removesuffix(".0")
