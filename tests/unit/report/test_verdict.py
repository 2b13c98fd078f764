"""The verdict on a load: from its counts to a grade and a sentence."""

import pytest

from etl.report.verdict import MANY_ROWS_LEAST, MANY_ROWS_PERCENT, TONES, LoadCounts, Quarantined, judge_load
from etl.settings import Settings

HELD = {"held": 130, "nothing_to_judge": 9}
LABS = Quarantined("lab_result", 881, 15_000)

CASES = [
    # counts, verdict
    ({"rows_loaded": 5085, "held": 12}, "Clean: All 5,085 rows were loaded. 12 expectations hold."),
    (
        {"rows_loaded": 5085} | HELD,
        "Clean: All 5,085 rows were loaded. 130 expectations hold; 9 had nothing to judge.",
    ),
    (
        {"nothing_to_judge": 9},
        "Clean: All 0 rows were loaded. No expectation had a row to judge.",
    ),
    (
        {"rows_loaded": 5085, "questions": 3} | HELD,
        (
            "With questions: All 5,085 rows were loaded. 130 expectations hold; 9 had nothing to judge. "
            "3 questions go to the hospital."
        ),
    ),
    (
        {"rows_loaded": 5085, "cells_set_aside": 1, "held": 1},
        "With questions: All 5,085 rows were loaded. 1 cell was set aside. 1 expectation holds.",
    ),
    (
        {"rows_loaded": 5085, "failed": 2, "held": 10},
        "With questions: All 5,085 rows were loaded. 2 expectations do not hold.",
    ),
    (
        {
            "rows_loaded": 14_999,
            "rows_quarantined": 1,
            "places": (Quarantined("lab_result", 1, 15_000),),
            "cells_set_aside": 2,
            "questions": 1,
            "held": 130,
        },
        (
            "With rows quarantined: 14,999 rows were loaded. 1 row was quarantined and 2 cells were set aside. "
            "130 expectations hold. 1 question goes to the hospital."
        ),
    ),
    (
        {"rows_loaded": 14_119, "rows_quarantined": 881, "places": (LABS,), "questions": 2} | HELD,
        (
            "Many rows quarantined: 14,119 rows were loaded. 881 rows were quarantined. The largest share is in lab_result: "
            "881 of 15,000. 130 expectations hold; 9 had nothing to judge. 2 questions go to the hospital."
        ),
    ),
    ({"rows_loaded": 70}, "Not assessed: 70 rows were loaded, but nobody has judged them yet."),
    (
        {"state": "refused", "refusal": "20 of 20 cells of patient.sex would be set aside."} | HELD,
        "Refused: 20 of 20 cells of patient.sex would be set aside. Nothing was published.",
    ),
    ({"state": "refused"}, "Refused: The delivery was refused. Nothing was published."),
]


@pytest.mark.parametrize(("counts", "line"), CASES, ids=lambda value: value.partition(":")[0] if value is str else None)
def test_the_verdict_follows_from_the_counts(counts: dict[str, object], line: str) -> None:
    assert judge_load(LoadCounts(**({"state": "published"} | counts))).line == line  # type: ignore[arg-type]


def test_every_grade_is_reached() -> None:
    assert {line.partition(":")[0] for _, line in CASES} == set(TONES)


@pytest.mark.parametrize(
    ("rows", "of_rows", "is_many"),
    [
        (20, 1_000, False),  # not above the share
        (21, 1_000, True),
        (4, 30, False),  # a share is nothing yet where there are few rows
        (5, 30, True),
        (881, 15_000, True),
    ],
)
def test_many_is_more_than_a_few_and_more_than_a_small_share(rows: int, of_rows: int, is_many: bool) -> None:
    assert Quarantined("patient", rows, of_rows).is_many == is_many
    counts = LoadCounts(state="staged", held=1, rows_quarantined=rows, places=(Quarantined("patient", rows, of_rows),))
    assert judge_load(counts).grade == ("Many rows quarantined" if is_many else "With rows quarantined")


def test_many_lies_well_below_the_ceiling_that_refuses_a_delivery() -> None:
    assert Settings().refused_rows_ceiling_percent / 5 == MANY_ROWS_PERCENT
    assert MANY_ROWS_LEAST > 1
