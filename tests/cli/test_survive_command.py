"""hcc survive: a file of patients' dates in, the same file with times to events out; contradictions have their reason."""

from pathlib import Path

import pytest
from spec.table import SpecTable
from support.csv_rows import read_csv_rows

from etl.cli import run

COLUMNS = "patient_id,index_date,last_contact_on,died_on,vital_status,progressed_on,last_scan_on,new_therapy_on"

CASES = SpecTable(
    "Rows of a file",
    "A row is the seven columns after the patient's. Days and whether the event was seen.",
    """
row | os | group | ttp | pfs | reason
2010-03-15,2011-03-15,2011-03-15,dead,2010-09-01,2010-09-01, | 365 yes | short_term | 170 yes | 170 yes |
2010-03-15,2013-03-15,,alive,,2012-01-01, | 1096 no | long_term | 657 no | 657 no |
2010-03-15,2010-05-01,2010-06,dead,,2010-04-30, | 92 yes | short_term | 46 no | 92 yes |
2010-03-15,2010-06-20,2010-06,dead,,2010-04-30, | 97 yes | short_term | 46 no | 97 yes |
2010-03-15,,2010,,,, | 108 yes | short_term | | 108 yes | progression: without it, last_scan_on must be given
2010-03-15,2012-01-01,,alive,2011-05-01,2010-12-01,2011-03-01 | 657 no | undetermined | 261 no | 261 no |
2010-03-15,2012-01-01,,alive,2011-05-01,,2011-03-01 | 657 no | undetermined | | | progression: without it, last_scan_on must
2010-03-15,2012-01-01,,alive,,2011-05-01,2011-03-01 | 657 no | undetermined | | | the last scan before new therapy
2010-03-15,2012-01-01,,alive,,2010-03-15, | 657 no | undetermined | 0 no | 0 no |
2010-03-15,2012-01-01,,alive,,, | 657 no | undetermined | | | progression: without it, last_scan_on must be given
2010-03-15,,,dead,2010-09-01,, | | undetermined | 170 yes | 170 yes | survival: dead on a day that is not given
2010-03-15,,,,2010-09-01,, | | undetermined | 170 yes | 170 yes | survival: neither died_on nor last_contact_on is given
2010-03,2013-01-01,,alive,,, | | | | | index_date is not a date like 2010-03-05
2010-03-15,5 May 2012,,alive,,, | | | | | last_contact_on is not a date like 2010-03-05
2010-03-15,,2012-13,dead,,, | | | | | died_on is not a date like 2010-03-05, 2010-03 or 2010
2010-03-15,2010-03-14,,alive,,, | | | | | last_contact_on is before index_date
2010-03-15,,2010-02,dead,,, | | | | | died_on is before index_date
2010-03-15,2012-01-01,2011-01-01,dead,,, | | | | | last_contact_on is after died_on
2010-03-15,2012-01-01,2012-01-01,alive,,, | | | | | vital_status is alive, and died_on is given
2010-03-15,2012-01-01,,well,,, | | | | | vital_status is neither alive nor dead
2010-03-15,2012-01-01,,alive,2010-03-15,, | | | | | progressed_on is not after index_date
2010-03-15,2012-01-01,2012-01-01,dead,2012-02-01,, | | | | | progressed_on is after died_on
2010-03-15,2012-01-01,,alive,,2010-01-01, | | | | | last_scan_on is before index_date
2010-03-15,2012-01-01,,alive,,,2010-01-01 | | | | | new_therapy_on is before index_date
2010-03-15,2012-01-01,,alive,2012-02-01,, | | | | | last_contact_on is before a scan, progression or new therapy
2010-03-15,2012-01-01,,alive,,2012-02-01, | | | | | last_contact_on is before a scan, progression or new therapy
2010-03-15,2012-01-01,2012-03,dead,,2012-02-01, | | | | | last_contact_on is before a scan, progression or new therapy
2010-03-15,2012-01-01,2012-03-01,dead,2012-02-01,, | 717 yes | short_term | 688 yes | 688 yes |
0000-03-15,2012-01-01,,alive,,, | | | | | index_date is not a date like 2010-03-05
2010-03-15,9999-12-31,,alive,,, | | | | | last_contact_on is not a date like 2010-03-05
2010-03-15,2099-12-31,,alive,,, | | | | | a date is in the future
""",
)


def survive(tmp_path: Path, text: str, *options: str) -> list[dict[str, str]]:
    """Run the command on a text, and read what it wrote."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    assert run(["survive", *options, str(source), "-o", str(target)]) == 0
    return read_csv_rows(target)


def test_rows_of_a_file(tmp_path: Path) -> None:
    rows = survive(tmp_path, "\n".join((COLUMNS, *(f"P,{case['row']}" for case in CASES.cases))))
    for case, row in zip(CASES.cases, rows, strict=True):
        found = {name: f"{row[f'{name}_days']} {row[f'{name}_event']}".strip() for name in ("os", "ttp", "pfs")}
        assert found | {"group": row["survival_group"]} == {
            name: case[name] for name in ("os", "ttp", "pfs", "group")
        }, case["row"]
        assert case["reason"] in row["reason"], case["row"]
        assert bool(case["reason"]) == bool(row["reason"]), case["row"]


def test_a_file_without_progression_has_survival_alone(tmp_path: Path) -> None:
    (row,) = survive(tmp_path, "patient_id,index_date,died_on\nP,2010-03-15,2012-03-15\n")
    assert (row["os_days"], row["os_months"], row["ttp_days"], row["reason"]) == ("731", "24.0164", "", "")


def test_nothing_is_cut_off_unless_a_day_is_named(tmp_path: Path) -> None:
    text = "patient_id,index_date,died_on\nP,2020-03-15,2024-03-15\n"
    assert survive(tmp_path, text)[0]["os_days"] == "1461"
    (row,) = survive(tmp_path, text, "--option", "data_cut_off=2021-03-15")
    assert (row["os_days"], row["os_event"]) == ("365", "no")


def test_the_boundary_of_the_groups_is_an_option(tmp_path: Path) -> None:
    text = "patient_id,index_date,died_on\nP,2010-03-15,2012-06-15\n"
    assert survive(tmp_path, text)[0]["survival_group"] == "long_term"
    assert survive(tmp_path, text, "--option", "long_term_months=36")[0]["survival_group"] == "short_term"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("patient_id,index_date\nP,2010-03-15\n", 4, "the header lacks last_contact_on or died_on"),
        ("patient_id,died_on\nP,2010-03-15\n", 4, "the header lacks index_date"),
        ("patient_id,index_date,died_on,os_days\nP,2010-03-15,,3\n", 4, "os_days"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, message: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    assert run(["survive", str(path)]) == code
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())
