"""Every hospital plants each kind of defect that its format can hold."""

from functools import partial

import pytest

from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.hospitals import find_hospital, hospital_names
from etl.synthetic.writers.delimited import DelimitedFiles
from etl.synthetic.writers.sas import SasFiles
from etl.synthetic.writers.spss import SpssFiles
from etl.synthetic.writers.workbook import Workbooks

IN_ANY = {
    "truncated",
    "missing_file",
    "error_page",
    "missing_column",
    "subfolder",
    "stray",
    "invisible",
    "repeated_header",
}
IN = {
    DelimitedFiles: IN_ANY | {"stray_quote"},
    Workbooks: IN_ANY | {"margin", "hidden_rows", "percents", "struck_out"},
    SpssFiles: IN_ANY,
    SasFiles: IN_ANY,
}
SPELLINGS = 17


@pytest.mark.parametrize("site_id", hospital_names())
def test_every_hospital_plants_what_its_format_can_hold(site_id: str) -> None:
    hospital = find_hospital(site_id)
    writer = hospital.open.func if isinstance(hospital.open, partial) else hospital.open
    planted = {defect.defect_set for defect in hospital.defects.files}
    assert IN[writer] - planted == ({"missing_file"} if "missing_dictionary" in planted else set())
    assert len({cell.kind for cell in hospital.defects.cells if cell.kind.startswith("identity spelt ")}) == SPELLINGS


@pytest.mark.parametrize("site_id", hospital_names())
def test_a_delivery_that_must_be_refused_has_no_cost_to_look_for(site_id: str) -> None:
    files = find_hospital(site_id).defects.files
    assert [defect for defect in files if (defect.rule == REFUSED or not defect.rule) and defect.cost] == []
