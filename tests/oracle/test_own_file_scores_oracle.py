"""hcc score and hcc survive against the slow readings, on drawn rows of a file: units, bounds, gaps, dates of every precision."""

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from oracle.baseline import read_baseline
from oracle.scores import Tumour, possible_stages, read_albi
from oracle.survival import CUT_OFF, survival_of

from etl.own_files.score.score import score_patients
from etl.own_files.survival.survive import find_survival

INDEX = date(2000, 1, 1)
SIZES = [pytest.param(400, id="few"), pytest.param(20_000, id="many", marks=pytest.mark.slow)]
VP = (None, "vp0", "vp1", "vp2", "vp3", "vp4")


def test_the_fewest_and_most_points_are_drawn() -> None:
    """So that agreement means something: the drawn patients have every class, stage and gap."""
    drawn = [draw_patient(numbered(number)) for number in range(400)]
    seen = {read_baseline(chart_of(one), INDEX).child_pugh_class for one in drawn}
    assert seen == {"A", "B", "C", None}


@pytest.mark.parametrize("size", SIZES)
def test_scores(tmp_path: Path, size: int) -> None:
    drawn = [draw_patient(numbered(number)) for number in range(size)]
    answer = score_patients(write(tmp_path / "in.csv", drawn), options={"score_decides": "derived"})
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    for patient, row in zip(drawn, rows, strict=True):
        baseline = read_baseline(chart_of(patient), INDEX)
        found = (row["child_pugh_points"], row["child_pugh_class"], row["ecog_status"])
        assert found == (baseline.child_pugh_points, baseline.child_pugh_class, baseline.ecog), patient
        bilirubin, albumin = value_of(patient, "bilirubin"), value_of(patient, "albumin")
        albi = read_albi(Fraction(bilirubin), Fraction(albumin)) if bilirubin and albumin else None
        assert (row["albi_grade"], row["malbi_grade"]) == ((albi[1], albi[2]) if albi else (None, None)), patient
        stages = possible_stages(tumour_of(patient, baseline))
        assert row["bclc_stage"] == (stages if len(stages) == 1 else None), patient


@pytest.mark.parametrize("size", SIZES)
def test_survival(tmp_path: Path, size: int) -> None:
    drawn = [draw_dates(numbered(number)) for number in range(size)]
    answer = find_survival(write(tmp_path / "in.csv", drawn), options={"data_cut_off": CUT_OFF.isoformat()})
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert answer.not_read_count == 0
    for patient, row in zip(drawn, rows, strict=True):
        died = patient["died_on"] or ""
        expected = survival_of(
            date.fromisoformat(patient["index_date"]),
            contact=date.fromisoformat(patient["last_contact_on"]) if patient["last_contact_on"] else None,
            status=patient["vital_status"],
            death=date.fromisoformat(died + "-01"[: 10 - len(died)]) if died else None,
            precision="month" if len(died) == 7 else "day",
        )
        assert (row["os_days"], row["os_event"], row["survival_group"]) == expected, patient


def numbered(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311  # the same rows each time


def draw_patient(chance: random.Random) -> dict[str, Any]:
    """Draw a row; every cell is missing at times, and values lie near the edges of the scores."""

    def maybe(value: Any, share: float = 0.93) -> Any:
        return value if chance.random() < share else None

    is_si = chance.random() < 0.3
    bilirubin = Decimal(chance.randint(20, 400)) / 100
    albumin = Decimal(chance.randint(200, 500)) / 100
    return {
        "patient_id": "P",
        "bilirubin": maybe(round(bilirubin * Decimal("17.1"), 1) if is_si else bilirubin),
        "bilirubin_unit": "umol/L" if is_si else "mg/dL",
        "albumin": maybe(albumin * 10 if is_si else albumin),
        "albumin_unit": "g/L" if is_si else "g/dL",
        "inr": maybe(Decimal(chance.randint(80, 300)) / 100),
        "ascites": maybe(chance.choice(("none", "slight", "moderate"))),
        "encephalopathy": maybe(chance.choice(("none", "grade_1_2", "grade_3_4"))),
        "ecog": maybe(chance.choice((0, 0, 0, 1, 2, 3, 4)), 0.8),
        "karnofsky": maybe(chance.choice((100, 90, 80, 70, 60, 50, 40, 30, 20, 10)), 0.5),
        "nodule_count": maybe(chance.choice(("1", "2", "3", "4", ">=2", ">3", "multiple"))),
        "largest_diameter_mm": maybe(chance.choice(("15", "20", "20.1", "30", "30.1", "50", "50.1"))),
        "portal_vein_invasion": chance.choice(VP),
        "hepatic_vein_invasion": maybe(chance.choice(("no", "no", "no", "yes"))),
        "extrahepatic_spread": maybe(chance.choice(("no", "no", "no", "yes"))),
    }


def draw_dates(chance: random.Random) -> dict[str, Any]:
    """Draw an index date, a last contact, and a death known to the day or the month, or none."""
    index = date(2007, 1, 1) + timedelta(chance.randint(0, 3000))
    contact = index + timedelta(chance.choice((chance.randint(0, 2500), chance.randint(715, 745))))
    death = contact + timedelta(chance.choice((0, chance.randint(0, 40), chance.randint(0, 900))))
    status = chance.choice(("alive", "dead", "dead", None))
    died = chance.choice((death.isoformat(), death.isoformat()[:7], None)) if status != "alive" else None
    return {
        "patient_id": "P",
        "index_date": index.isoformat(),
        "last_contact_on": contact.isoformat() if chance.random() < 0.9 else None,
        "died_on": died,
        "vital_status": status,
    }


def value_of(patient: dict[str, Any], name: str) -> Decimal | None:
    """Convert a value to mg/dL or g/dL, as exact as the common unit is kept: to six decimals."""
    value = patient[name]
    if value is None or patient.get(f"{name}_unit") not in {"umol/L", "g/L"}:
        return value
    factor = {"bilirubin": Decimal("0.058479532"), "albumin": Decimal("0.1")}[name]
    return round(value * factor, 6)


def chart_of(patient: dict[str, Any]) -> Any:
    """Make the chart that the slow reading takes."""
    results = [
        {"analyte_code": code, "taken_on": INDEX, "value": value_of(patient, name), "value_qualifier": None}
        for code, name in (("bilirubin_total", "bilirubin"), ("albumin", "albumin"), ("inr", "inr"))
    ]
    findings = [
        {"observation_code": name, "observed_on": INDEX, "value_number": None, "value_code": patient[name]}
        for name in ("ascites", "encephalopathy")
        if patient[name]
    ]
    statuses = [
        {"observation_code": name, "observed_on": INDEX, "value_number": Decimal(patient[name]), "value_code": None}
        for name in ("ecog", "karnofsky")
        if patient[name] is not None
    ]
    return defaultdict(
        list, {"patient": [{"birth_date": None}], "lab_result": results, "observation": [*findings, *statuses]}
    )


def tumour_of(patient: dict[str, Any], baseline: Any) -> Tumour:
    """Make what the slow reading of BCLC takes."""
    veins = {None: None, "vp0": False}.get(patient["portal_vein_invasion"], True)
    hepatic, spread = (
        {"yes": True, "no": False}.get(patient[name]) for name in ("hepatic_vein_invasion", "extrahepatic_spread")
    )
    invasion = True if True in (veins, hepatic) else None if None in (veins, hepatic) else False
    count, size = patient["nodule_count"], patient["largest_diameter_mm"]
    least = {None: None, ">=2": 2, ">3": 4, "multiple": 2}.get(count) if not (count or "").isdigit() else int(count)
    return Tumour(
        ecog=baseline.ecog,
        child_pugh=baseline.child_pugh_class,
        has_invasion=invasion,
        has_spread=spread,
        least_count=least,
        is_exact=(count or "").isdigit(),
        largest_mm=None if size is None else Fraction(size),
    )


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
