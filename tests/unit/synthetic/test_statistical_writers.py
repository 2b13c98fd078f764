"""What the writers of SPSS and SAS files put into them, read back by the library itself."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from etl.synthetic.sheet import Sheet
from etl.synthetic.writers.sas import SasFiles
from etl.synthetic.writers.spss import SpssFiles
from etl.synthetic.writers.variables import Variable

DICTIONARY = {
    "labs.sav": {
        "DAY": Variable("검사일", "date"),
        "CODE": Variable("항목", "number", 0, {"1": "AST", "-9": "미시행"}, ("-9",)),
        "RESULT": Variable("결과", "number", 2),
    },
    "ae.xpt": {"AETERM": Variable("Reported Term"), "AESEQ": Variable("Sequence Number", "number")},
}
LABS = {"PID": ["M1", "M2"], "DAY": ["2012-02-29", ""], "CODE": ["1", "-9"], "RESULT": ["0.1", ""]}


def write_spss(folder: Path, *sheets: dict[str, list[str]]) -> Path:
    with SpssFiles(folder, dictionary=DICTIONARY) as files:
        for records in sheets:
            files.write(Sheet("labs.sav", pd.DataFrame(records)))
    assert files.records == {"labs.sav": sum(len(records["PID"]) for records in sheets)}
    return folder / "labs.sav"


def write_sas(folder: Path, records: dict[str, list[str]]) -> Path:
    with SasFiles(folder, dictionary=DICTIONARY) as files:
        files.write(Sheet("ae.xpt", pd.DataFrame(records)))
    return folder / "ae.xpt"


def test_an_spss_file_declares_types_labels_and_missing_values(tmp_path: Path) -> None:
    records, meta = pyreadstat.read_sav(write_spss(tmp_path, LABS), user_missing=True)
    assert [str(day) for day in records["DAY"]] == ["2012-02-29", "nan"]
    assert records["RESULT"].tolist()[0] == 0.1
    assert records["CODE"].tolist() == [1.0, -9.0]
    assert meta.original_variable_types == {"PID": "A2", "DAY": "DATE11", "CODE": "F8.0", "RESULT": "F8.2"}
    assert meta.column_names_to_labels == {"PID": None, "DAY": "검사일", "CODE": "항목", "RESULT": "결과"}
    assert meta.variable_value_labels == {"CODE": {1.0: "AST", -9.0: "미시행"}}
    assert meta.missing_ranges == {"CODE": [{"lo": -9.0, "hi": -9.0}]}


@pytest.mark.parametrize(("column", "cell"), [("DAY", "2012-02-30"), ("CODE", "용혈"), ("RESULT", "<0.5")])
def test_one_cell_of_another_type_turns_a_variable_into_text(tmp_path: Path, column: str, cell: str) -> None:
    spoilt = LABS | {column: [LABS[column][0], cell]}
    records, meta = pyreadstat.read_sav(write_spss(tmp_path, spoilt), user_missing=True)
    assert records[column].tolist() == spoilt[column]
    assert meta.readstat_variable_types[column] == "string"
    assert column not in meta.variable_value_labels


def test_a_file_is_written_once_from_all_its_sheets(tmp_path: Path) -> None:
    records, _ = pyreadstat.read_sav(write_spss(tmp_path, LABS, LABS))
    assert records["PID"].tolist() == ["M1", "M2", "M1", "M2"]


def test_nothing_is_written_of_a_delivery_that_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyError), SpssFiles(tmp_path, dictionary=DICTIONARY) as files:
        files.write(Sheet("labs.sav", pd.DataFrame(LABS)))
        raise KeyError
    assert not [*tmp_path.iterdir()]


def test_the_same_sheets_make_the_same_bytes(tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "other"
    for folder in folders:
        folder.mkdir()
    spss, sas = (
        [write(folder, made) for folder in folders] for write, made in ((write_spss, LABS), (write_sas, EVENTS))
    )
    for one, other in (spss, sas):
        assert one.read_bytes() == other.read_bytes()
    assert b"29 Apr 1609:00:00" in spss[0].read_bytes()
    assert sas[0].read_bytes().count(b"29APR16:09:00:00") == 4


EVENTS = {"USUBJID": ["K-1", "K-2"], "AESEQ": ["1", ""], "AETERM": ["피부 발진", ""]}


def test_a_transport_file_keeps_names_labels_and_text(tmp_path: Path) -> None:
    records, meta = pyreadstat.read_xport(write_sas(tmp_path, EVENTS), encoding="utf-8")
    assert records["AETERM"].tolist() == EVENTS["AETERM"]
    assert records["AESEQ"].tolist()[0] == 1.0
    assert meta.table_name == "AE"
    assert meta.column_names_to_labels == {"USUBJID": None, "AESEQ": "Sequence Number", "AETERM": "Reported Term"}


@pytest.mark.parametrize("records", [{"USUBJIDENT": ["K-1"]}, {"비고": ["K-1"]}, {"USUBJID": ["가" * 67]}])
def test_what_version_5_cannot_hold_is_an_error(tmp_path: Path, records: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match=r"^ae\.xpt: version 5 cannot"):
        write_sas(tmp_path, records)
