"""Days, weeks and months since the day in another column, against a slow reading of the same cells."""

import calendar
import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.gate.origins import keep_origins
from warehouse.errors import MappingError

COUNTED = '{since: start, unit: UNIT, first: FIRST, formats: ["%Y-%m-%d", "%Y-%m"], precision: died_on_precision}'
TEXT = (
    HEAD
    + f"""\
  follow_up:
    from: visits
    columns:
      patient_id: pid
      died_on: {{column: n, date: {COUNTED}}}
"""
)
STARTS = ["2010-01-31", "2008-02-29", "2010-12-01", "2010-03", "", "NA", "soon", "1901-01-05", "2099-12-30"]
COUNTS = [
    "0",
    "1",
    "-1",
    "12",
    "+3",
    "2.0",
    "1.5",
    "12.714285714",
    "-0.5",
    ".5",
    "1,5",
    "1e3",
    "99999",
    "",
    "NA",
    "-",
    "one",
]


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _count(text: str, unit: str, first: int) -> Decimal:
    """Read how many units lie between the two days; ValueError where the cell does not say it."""
    body = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    whole, point, fraction = body.partition(".")
    if not whole.isdecimal() or (point and not fraction.isdecimal()):
        raise ValueError
    if fraction.strip("0") and (unit != "weeks" or first):
        raise ValueError
    number = Decimal(text)
    if first and number == 0:
        raise ValueError
    return number - 1 if first and number > 0 else number


def _slow(text: str, start: str, *, unit: str, first: int) -> tuple[date | None, str | None, set[str]]:
    """Read one record by hand: the day, its precision, and the rules that are broken."""
    if text in {"", "NA", "-"}:
        return None, None, set()
    rules, anchor, offset = set(), None, None
    if start in {"", "NA"}:
        rules.add("no_anchor_day")
    else:
        try:
            anchor = date.fromisoformat(start if start.count("-") > 1 else f"{start}-01")
        except ValueError:
            rules.add("not_a_date")
    try:
        offset = _count(text, unit, first)
    except ValueError:
        rules.add("no_counted_day")
    if anchor is None or offset is None:
        return None, None, rules
    try:
        if unit == "months":
            day = _add_months(anchor, int(offset))
        else:
            days = (offset * {"days": 1, "weeks": 7}[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            day = anchor + timedelta(days=int(days))
    except (ValueError, OverflowError):
        return None, None, {"no_counted_day"}
    if not 1900 <= day.year <= 2099:
        return None, None, {"no_counted_day"}
    return day, "month" if unit == "months" or start.count("-") == 1 else "day", rules


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_a_counted_day_is_the_one_that_a_slow_reading_finds(tmp_path, unit, first):
    drawn = random.Random(3)  # noqa: S311
    records = [
        [f"P{number}", count, start] for number, (count, start) in enumerate((c, s) for c in COUNTS for s in STARTS)
    ]
    records += [
        [
            f"Q{number}",
            str(drawn.randint(-400, 4000)),
            f"{drawn.randint(1950, 2050)}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}",
        ]
        for number in range(200)
    ]
    mapping = read_site(tmp_path, TEXT.replace("UNIT", unit).replace("FIRST", str(first)))
    outcome = run_table(mapping, "follow_up", ["pid", "n", "start"], records)

    broken: dict[int, set[str]] = {}
    for problem in outcome.problems:
        broken.setdefault(problem["_record"], set()).add(problem["rule"])
        assert problem["column_name"] == "died_on"
        assert problem["source_column"] == ("n" if problem["rule"] == "no_counted_day" else "start")
    found = [(row["died_on"], row["died_on_precision"], broken.get(row["_record"], set())) for row in outcome.rows]
    expected = [_slow(count, start, unit=unit, first=first) for _, count, start in records]
    assert found == expected
    assert {rule for *_, rules in expected for rule in rules} == {"no_counted_day", "no_anchor_day", "not_a_date"}


def test_the_slow_reading_can_tell_right_from_wrong():
    assert _slow("1", "2010-01-31", unit="months", first=0)[0] == date(2010, 2, 28)
    assert _slow("-1", "2010-01-31", unit="days", first=1)[0] == date(2010, 1, 30)
    assert _slow("12.714285714", "2010-01-01", unit="weeks", first=0)[0] == date(2010, 3, 31)
    assert _slow("1.5", "2010-01-01", unit="months", first=0) == (None, None, {"no_counted_day"})


def test_the_anchor_may_be_looked_up_and_have_the_formats_of_the_source(tmp_path):
    text = HEAD.replace('"visits*.csv"', '"visits*.csv", decimal: ",", dates: "%d.%m.%Y"').replace(
        "tables:\n", '  people: {file: "people.csv"}\ntables:\n'
    )
    text += """\
  follow_up:
    from: visits
    lookup: {from: people, match: {pid: pid}, take: {enrolled: day}}
    columns:
      patient_id: pid
      last_contact_on: {column: week, extract: "^week (.*)$", group: 1, date: {since: enrolled, unit: weeks}}
"""
    beside = {"people": (["pid", "day"], [["P1", "05.03.2010"], ["P2", "2010-03-05"]])}
    records = [["P1", "week 1,5"], ["P2", "week 1"], ["P3", "week 1"]]
    outcome = run_table(read_site(tmp_path, text), "follow_up", ["pid", "week"], records, beside=beside)
    assert outcome.values("last_contact_on") == [date(2010, 3, 16), None, None]
    told = {(p["_record"], p["rule"], p["source_column"]) for p in outcome.problems}
    assert told == {
        (2, "not_a_date", "day (people)"),
        (3, "no_anchor_day", "day (people)"),
        (3, "lookup_missed", "pid"),
    }
    assert {p["expected"] for p in outcome.problems if p["rule"] == "no_anchor_day"} == {"day (people)"}


def test_a_day_that_is_no_day_says_so_or_is_refused(tmp_path):
    said = ", precision: died_on_precision"
    for unit, formats, why in (
        ("days", '"%Y-%m-%d", "%Y-%m"', r"known to the month alone \(%Y-%m\)"),
        ("weeks", '"%Y"', r"known to the year alone \(%Y\)"),
        ("months", '"%Y-%m-%d"', r"known to the month alone \(months are counted\)"),
    ):
        options = f"{{since: start, unit: {unit}, formats: [{formats}]{said}}}"
        read_site(tmp_path / f"{unit} said", TEXT.replace(COUNTED, options))
        with pytest.raises(MappingError, match=rf"mapping.yaml:13: 'follow_up.died_on' may be {why}, .*{said[2:]}"):
            read_site(tmp_path / unit, TEXT.replace(COUNTED, options.replace(said, "")))
    read_site(tmp_path / "day", TEXT.replace(COUNTED, '{since: start, unit: weeks, formats: "%Y-%m-%d"}'))
    uncounted = TEXT.replace("{column: n, date: " + COUNTED + "}", "{column: n, date: '%Y-%m'}")
    with pytest.raises(MappingError, match=r"mapping.yaml:13: 'follow_up.died_on' may be known to the month alone"):
        read_site(tmp_path / "uncounted", uncounted)
    filled = uncounted + "      died_on_precision: {constant: month}\n"
    read_site(tmp_path / "filled", filled)


def test_the_day_that_a_cell_counts_from_is_among_the_origins(tmp_path):
    text = HEAD.replace("tables:\n", '  people: {file: "people.csv"}\ntables:\n')
    text += """\
  follow_up:
    from: visits
    lookup: {from: people, match: {pid: pid}, take: {enrolled: day}}
    columns:
      patient_id: pid
      last_contact_on: {column: week, date: {since: enrolled, unit: weeks, formats: "%Y-%m-%d"}}
      died_on: {column: gone, date: {since: start, unit: days, formats: "%Y-%m-%d"}}
"""
    mapping = read_site(tmp_path, text)
    with duckdb.connect() as con:
        con.execute(
            "CREATE SCHEMA audit; CREATE TABLE audit.column_origin (load_id INTEGER, table_name VARCHAR, "
            "column_name VARCHAR, source_column VARCHAR, part SMALLINT, slot SMALLINT)"
        )
        keep_origins(con, mapping, load_id=1)
        found = con.execute("SELECT column_name, source_column FROM audit.column_origin").fetchall()
    assert dict(found) == {
        "patient_id": "pid",
        "last_contact_on": "week, day (people)",
        "died_on": "gone, start",
    }


def test_a_looked_up_anchor_has_the_formats_of_the_source_that_it_comes_from(tmp_path):
    text = HEAD.replace('"visits*.csv"', '"visits*.csv", dates: "%d.%m.%Y"').replace(
        "tables:\n", '  people: {file: "people.csv", dates: "%Y/%m/%d"}\ntables:\n'
    )
    text += """\
  follow_up:
    from: visits
    lookup: {from: people, match: {pid: pid}, take: {enrolled: day}}
    columns:
      patient_id: pid
      last_contact_on: {column: week, date: {since: enrolled, unit: weeks}}
      died_on: {column: death, date: {since: seen, unit: days}}
"""
    beside = {"people": (["pid", "day"], [["P1", "2010/03/05"]])}
    outcome = run_table(
        read_site(tmp_path, text),
        "follow_up",
        ["pid", "week", "death", "seen"],
        [["P1", "1", "2", "05.04.2010"]],
        beside=beside,
    )
    assert outcome.values("last_contact_on") == [date(2010, 3, 12)]
    assert outcome.values("died_on") == [date(2010, 4, 7)]  # its anchor is the record's own
    assert outcome.problems == []


MISTAKES = [
    ("{since: start, formats: '%Y'}", "'since' and 'unit' go together"),
    ("{unit: days, formats: '%Y'}", "'since' and 'unit' go together"),
    ("{first: 1, formats: '%Y'}", "'first' goes with 'since'"),
    ("{since: start, unit: years, formats: '%Y'}", "must be one of 'days', 'weeks' or 'months'; found 'years'"),
    ("{since: start, unit: days, first: 2, formats: '%Y'}", "must be one of 0 or 1; found 2"),
    ("{since: start, unit: days}", "counts from the day in 'start'; say the 'formats' of that day"),
    ("{since: start, unit: days, formats: '%y'}", "'%y' reads a two-digit year"),
    ("{since: name, unit: days, formats: '%Y'}", "'name' is dropped under 'identity:'"),
    ("{since: pid, unit: days, formats: '%Y'}", "'pid' is pseudonymised under 'identity:' before this reads"),
    ("{sinc: start, unit: days, formats: '%Y'}", "'sinc' is not an option here. Did you mean 'since'?"),
]


@pytest.mark.parametrize(("options", "sentence"), MISTAKES, ids=[options for options, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path, options, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, TEXT.replace(COUNTED, options))
    assert any("mapping.yaml:13: " in row and sentence in row for row in str(raised.value).splitlines()), str(
        raised.value
    )
