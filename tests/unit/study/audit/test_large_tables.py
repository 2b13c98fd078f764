"""Large tables and large groups are audited in bounded time and memory, and what is not searched is said."""

import time

from etl.study.audit.audit import audit
from etl.study.audit.figure import Figure, read_print
from etl.study.audit.printed import Printed


def figure(row: str, group: str, statistic: str, printed: str, level: str = "") -> Figure:
    value, bound, decimals = read_print(printed)
    return Figure(
        f"{row} {level} {group} {statistic}",
        statistic,
        printed,
        value,
        bound=bound,
        decimals=decimals,
        table="Table 1",
        row=row,
        variable=row,
        level=level,
        level_code=level,
        group=group,
    )


def groups(cases: int, controls: int) -> list[Figure]:
    return [figure("Patients", "cases", "size", str(cases)), figure("Patients", "controls", "size", str(controls))]


def test_groups_too_large_to_search_are_a_note() -> None:
    """All tables of 100,000 cases and 300,000 controls would need 224 GiB."""
    ratio = [
        figure("Smoker", "", name, text, "yes")
        for name, text in (("odds_ratio", "1.5"), ("low", "1.0"), ("high", "2.25"))
    ]
    found = audit([*groups(100_000, 300_000), *ratio])
    (note,) = [each for each in found.notes if each.kind == "counts"]
    assert note.verdict == "cannot be tested"
    assert "groups so large are not searched" in note.sentence


def test_another_split_of_large_groups_is_not_claimed() -> None:
    rows = [
        figure("Stage", group, "n", text, level)
        for level, counts in (("a", ("40000", "100000")), ("b", ("30000", "100000")), ("c", ("30000", "100000")))
        for group, text in zip(("cases", "controls"), counts, strict=True)
    ]
    ratios = [
        figure("Stage", "", "reference", "1", "a"),
        figure("Stage", "", "odds_ratio", "2.00", "b"),
        figure("Stage", "", "odds_ratio", "3.00", "c"),
    ]
    found = [
        each for each in audit([*groups(100_000, 300_000), *rows, *ratios]).contradictions if each.kind == "odds_ratio"
    ]
    assert len(found) == 2
    assert all("not searched" in each.sentence for each in found)


def test_a_size_of_millions_is_tried_near_its_print_only() -> None:
    start = time.perf_counter()
    row = [figure("Smoker", "cases", "n", "100000000", "yes"), figure("Smoker", "cases", "percent", "10.0", "yes")]
    assert audit([*groups(1_000_000_000, 900_000_000), *row]).contradictions == ()
    assert time.perf_counter() - start < 5


def test_the_first_companion_in_the_file_counts() -> None:
    first = figure("Age", "cases", "sd", "5.0")
    printed = Printed([figure("Age", "cases", "mean", "60.0"), first, figure("Age", "cases", "sd", "6.0")])
    assert printed.companion(printed.figures[0], "sd") is first
    assert printed.companion(printed.figures[0], "median") is None
