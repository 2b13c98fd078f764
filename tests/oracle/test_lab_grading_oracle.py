"""Laboratory grading: the SQL and a slow, exact reading agree on drawn results, whatever the options."""

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from oracle.drawn_labs import FLAGS, draw_labs
from oracle.lab_grading import TERMS, Lab, read_grade, read_least_grade
from oracle.lab_limits import is_of_a_column_of_seconds

from etl.own_files.grading.labs import grade_labs

OPTIONS = (
    {},
    {"mode": "lab_only"},
    {"symptoms_unknown": "worst_case"},
    {"wnl_guard": "true"},
    {"glucose_not_fasting": "zero"},
)
NUMBERS = ("value", "lln", "uln", "baseline", "percent_change", "cutoff", "albumin_g_dl")


def _decimal(number: Fraction | None) -> str:
    """Write a fraction of tens exactly."""
    if number is None:
        return ""
    scaled = number * 10**9
    assert scaled.denominator == 1
    sign, digits = "-" * (scaled < 0), f"{abs(scaled.numerator):010d}"
    return f"{sign}{digits[:-9]}.{digits[-9:]}"


def _row(number: int, lab: Lab) -> dict[str, str]:
    numbers = {name: _decimal(getattr(lab, name)) for name in NUMBERS}
    numbers["infarction_cutoff"] = numbers.pop("cutoff")
    flags = {name: "yes" if is_there else "no" for name, is_there in lab.flags.items()}
    numbers["value"] = lab.qualifier + numbers["value"] if numbers["value"] else ""
    return {"id": str(number), "term": lab.term, "unit": lab.unit, **numbers, **flags}


def _differences(labs: list[Lab], options: dict[str, str], folder: Path) -> tuple[list[object], Counter[int | None]]:
    path = folder / "labs.csv"
    names = ("id", "term", "value", "unit", "lln", "uln", "baseline", "percent_change", "infarction_cutoff")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*names, "albumin_g_dl", *FLAGS))
        writer.writeheader()
        writer.writerows(_row(number, lab) for number, lab in enumerate(labs))
    answer = grade_labs(path, options={f"lab_grade_{name}": value for name, value in options.items()})
    position = answer.columns.index("grade")
    rows = list(answer.rows)
    grades = [row[position : position + 2] for row in rows]
    inrs = [lab.value for lab in labs if lab.term == "INR increased" and lab.value is not None]
    wanted = [
        (None, None)
        if is_of_a_column_of_seconds(lab.term, lab.value, lln=lab.lln, uln=lab.uln, inrs=inrs)
        else (read_grade(lab, options=options), read_least_grade(lab, options=options))
        for lab in labs
    ]
    wrong = [
        (lab, grade, other, row[-2:])
        for lab, grade, other, row in zip(labs, wanted, grades, rows, strict=True)
        if grade != other
    ]
    assert Counter(least for _, least in wanted)[2] > len(labs) / 500
    return wrong[:3], Counter(grade for grade, _ in wanted)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_few_thousand_results(options: dict[str, str], tmp_path: Path) -> None:
    wrong, _ = _differences(list(draw_labs(2_000, seed=1)), options, tmp_path)
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_hundred_thousand_results_and_more(options: dict[str, str], tmp_path: Path) -> None:
    labs = list(draw_labs(40_000, seed=2))
    wrong, grades = _differences(labs, options, tmp_path)
    assert wrong == []
    assert {lab.term for lab in labs} == set(TERMS)
    assert min(grades[grade] for grade in (None, 0, 1, 2, 3, 4)) > 1_000
