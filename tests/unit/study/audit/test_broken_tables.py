"""Tables with figures missing, zero or in the wrong place: the audit reports what it can, and never stops."""

from random import Random

import pytest
from support.printed_tables import TrueTable, audit_lines, line

from etl.study.audit.figure import STATISTICS

WORDS = ["0", "0.0", "1", "-3", "100.0", "1e", "<0.001", ">0.9", "99999"]


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_table_is_audited(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    lines = TrueTable(seed, sizes=(26, 33) if seed % 2 else None).lines()
    for _ in range(random.choice((1, 5, 60))):
        chosen = random.choice(lines)
        match random.randrange(5):
            case 0:
                lines.remove(chosen)
            case 1:
                chosen["printed"] = random.choice(WORDS)
            case 2:
                chosen["group"] = random.choice(
                    ("", "total", "cases", "others", "thirds", "row_0=yes", "row_1!=no", "=", "x")
                )
            case 3:
                chosen["statistic"] = random.choice(list(STATISTICS))
            case 4:
                chosen["sum_of"], chosen["part_of"] = random.choice(
                    (("factor=low", "row_1=yes"), ("a", "b"), ("", "="))
                )
    audit_lines(lines)


def test_three_groups_are_summed_and_compared_without_odds_ratios() -> None:
    lines = [line("T", "N", "size", str(size), group=group) for group, size in zip("abc", (40, 50, 60), strict=True)]
    lines.append(line("T", "N", "size", "150", group="total"))
    for group, count, share in zip("abc", ("10", "20", "30"), ("25.0", "40.0", "50.0"), strict=True):
        lines += [line("T", "x", "n", count, group=group, level_code="yes")]
        lines += [line("T", "x", "percent", share, group=group, level_code="yes")]
    lines.append(line("T", "x", "p", "0.044", method="chi-square"))  # R: chisq.test gives 0.04394
    assert audit_lines(lines).contradictions == ()
    lines[-1]["printed"] = "0.440"
    assert [each.kind for each in audit_lines(lines).contradictions] == ["p_of_counts"]


def test_no_figures_give_no_findings() -> None:
    assert audit_lines([]).contradictions == audit_lines([]).notes == ()
