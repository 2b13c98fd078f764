"""Overall survival and the survival groups, as a table that can be read aloud.

Study definitions: long-term survivor: alive more than 730.5 days (24 x 30.4375) after the index date; short-term: died
within them; else undetermined. A death known to the month: its middle, not before the last contact; undetermined when
the month spans the boundary. Data cut-off 1 April 2016.
"""

from datetime import date

import pytest
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection

CASES = """
first dose  | precision | last contact | status  | death      | precision | os_days | os_months | os_event | group
# the boundary is 730.5 days: 2010-01-01 + 730 is 2012-01-01
2010-01-01  | day       | 2012-01-01   | dead    | 2012-01-01 | day       | 730     | 23.9836   | true     | short_term
2010-01-01  | day       | 2012-01-02   | dead    | 2012-01-02 | day       | 731     | 24.0164   | true     | long_term
2010-01-01  | day       | 2012-01-01   | alive   |            |           | 730     | 23.9836   | false    | undetermined
2010-01-01  | day       | 2012-01-02   | alive   |            |           | 731     | 24.0164   | false    | long_term
# death on the index date, and early ones
2010-01-01  | day       | 2010-01-01   | dead    | 2010-01-01 | day       | 0       | 0.0000    | true     | short_term
2010-01-01  | day       | 2010-10-01   | dead    | 2010-10-02 | day       | 274     | 9.0021    | true     | short_term
# a precision that is not stated is the day
2010-01-01  |           | 2010-10-01   | dead    | 2010-10-02 |           | 274     | 9.0021    | true     | short_term
# known to the month: the 15th stands for it
2010-01-01  | day       |              | dead    | 2010-10-01 | month     | 287     | 9.4292    | true     | short_term
2010-01-01  | day       | 2010-10-10   | dead    | 2010-10-01 | month     | 287     | 9.4292    | true     | short_term
# ... but never a day before the last contact
2010-01-01  | day       | 2010-10-20   | dead    | 2010-10-01 | month     | 292     | 9.5934    | true     | short_term
# the month before the boundary's, the boundary's, and the one after
2010-01-15  | day       | 2011-11-30   | dead    | 2011-12-01 | month     | 699     | 22.9651   | true     | short_term
2010-01-15  | day       | 2011-11-30   | dead    | 2012-01-01 | month     | 730     | 23.9836   | true     | undetermined
2010-01-15  | day       | 2011-11-30   | dead    | 2012-02-01 | month     | 761     | 25.0021   | true     | long_term
# a contact late enough in the boundary's month settles it; a first day after the boundary as well
2010-01-15  | day       | 2012-01-16   | dead    | 2012-01-01 | month     | 731     | 24.0164   | true     | long_term
2010-01-15  | day       | 2012-01-15   | dead    | 2012-01-01 | month     | 730     | 23.9836   | true     | undetermined
# the boundary falls on the month's last day or before its first: the month does not span it
2010-02-01  | day       | 2011-12-31   | dead    | 2012-01-01 | month     | 713     | 23.4251   | true     | short_term
2010-01-31  | day       | 2011-12-31   | dead    | 2012-01-01 | month     | 714     | 23.4579   | true     | short_term
2009-12-31  | day       | 2011-12-31   | dead    | 2012-01-01 | month     | 745     | 24.4764   | true     | long_term
2010-01-01  | day       | 2011-12-31   | dead    | 2012-01-01 | month     | 744     | 24.4435   | true     | undetermined
# known to the year
2010-01-01  | day       | 2010-03-01   | dead    | 2010-01-01 | year      | 181     | 5.9466    | true     | short_term
2010-06-01  | day       | 2011-12-31   | dead    | 2012-01-01 | year      | 761     | 25.0021   | true     | undetermined
# the data cut-off: nothing after 2016-04-01 counts
2014-03-01  | day       | 2016-06-01   | alive   |            |           | 762     | 25.0349   | false    | long_term
2014-03-01  | day       | 2016-03-01   | dead    | 2016-05-10 | day       | 762     | 25.0349   | false    | long_term
2014-03-31  | day       | 2016-04-01   | dead    | 2016-04-01 | day       | 732     | 24.0493   | true     | long_term
2015-03-31  | day       | 2016-03-01   | dead    | 2016-05-01 | month     | 367     | 12.0575   | false    | undetermined
# dead on an unknown day: no time, unless the last contact already lies beyond the boundary
2010-01-01  | day       | 2010-10-01   | dead    |            |           |         |           |          | undetermined
2010-01-01  | day       | 2012-06-01   | dead    |            |           |         |           |          | long_term
# nothing is known after the index date, or what is known contradicts it
2010-01-01  | day       |              | unknown |            |           |         |           |          | undetermined
2010-01-01  | day       | 2009-12-01   | alive   |            |           | -31     | -1.0185   | false    | undetermined
# the first dose must be known to the day
2010-01-01  | month     | 2012-06-01   | alive   |            |           |         |           |          | undetermined
            |           | 2012-06-01   | alive   |            |           |         |           |          | undetermined
"""


def _cases() -> list[list[str | None]]:
    lines = [line for line in CASES.strip().splitlines()[1:] if not line.startswith("#")]
    return [[cell.strip() or None for cell in line.split("|")] for line in lines]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, ...]]:
    """The rows of analysis.cohort for all cases, by patient."""
    path = tmp_path_factory.mktemp("survival") / "warehouse.duckdb"
    copy_new_warehouse(path)
    tables: dict[str, list[dict[str, object]]] = {"patient": [], "treatment_course": [], "follow_up": []}
    for number, case in enumerate(_cases()):
        start, start_precision, contact, status, death, death_precision = case[:6]
        patient = {"patient_id": f"case {number}"}
        tables["patient"].append(patient)
        course = {
            "drug_code": "sorafenib",
            "role_code": "study",
            "started_on": start,
            "started_on_precision": start_precision,
        }
        if start:
            tables["treatment_course"].append(patient | course)
        follow_up = {
            "last_contact_on": contact,
            "vital_status_code": status,
            "died_on": death,
            "died_on_precision": death_precision,
        }
        tables["follow_up"].append(patient | follow_up)
    engine = open_warehouse(path)
    try:
        with raw_connection(engine) as con:
            publish_by_hand(con, tables)
            rows = con.execute(
                "SELECT patient_id, os_days, os_months, os_event, survival_group FROM analysis.cohort"
            ).fetchall()
    finally:
        engine.dispose()
    return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize(
    ("number", "case"), list(enumerate(_cases())), ids=[" ".join(c or "-" for c in case[:6]) for case in _cases()]
)
def test_survival_of(number: int, case: list[str | None], cohort: dict[str, tuple[object, ...]]) -> None:
    days, months, event, group = cohort[f"case {number}"]
    found = [
        None if days is None else str(days),
        None if months is None else str(months),
        None if event is None else str(event).lower(),
    ]
    assert [*found, group] == case[6:]


def test_every_patient_has_one_row(cohort: dict[str, tuple[object, ...]]) -> None:
    assert len(cohort) == len(_cases())


def test_the_boundary_is_where_the_cases_say() -> None:
    assert (date(2012, 1, 1) - date(2010, 1, 1)).days == 730
