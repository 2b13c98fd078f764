"""A small sample of every fuzzer holds; a case that dies, hangs or fails is reported and the others go on; seeds repeat."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from tools.fuzz import run_forked
from tools.fuzz.case import EQUAL, FAILED, Verdict
from tools.fuzz.page import Figures, write_page
from tools.fuzz.run_forked import judge_all
from tools.fuzz.targets import TARGETS, draw_case, judge_case

SAMPLE = {"csv": 60, "redcap": 40, "xlsx": 25, "sav": 40, "zsav": 20, "xpt": 40, "codes": 60, "mapping": 12}
SEED = 7


@pytest.mark.filterwarnings("ignore")  # openpyxl warns of what the damage did
@pytest.mark.parametrize("target", TARGETS)
def test_a_small_sample_holds(target: str, tmp_path: Path) -> None:
    outcomes = set()
    for number in range(SAMPLE.get(target, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        what, verdict = judge_case(target, SEED, number, folder)
        again = f"python -m tools.fuzz --target {target} --seed {SEED} --case {number}"
        assert verdict.outcome != FAILED, f"{what}: {verdict.why}; {again}"
        outcomes.add(verdict.outcome)
    assert EQUAL in outcomes or target == "mapping" or target not in SAMPLE


@pytest.mark.parametrize("target", TARGETS)
def test_a_seed_draws_the_same_case_again(target: str) -> None:
    def undated(number: int) -> object:
        case = draw_case(target, SEED, number)
        return case.what, case.options, case.truth

    assert [undated(number) for number in range(3)] == [undated(number) for number in range(3)]


def odd_judge(number: int, folder: Path) -> tuple[str, Verdict]:
    """Die, hang, raise and leave, each at its number; every folder is empty at first."""
    assert list(folder.iterdir()) == []
    (folder / "file").touch()
    if number == 2:
        os.kill(os.getpid(), signal.SIGSEGV)
    if number == 4:
        signal.pause()
    if number == 6:
        raise KeyError("x")
    if number == 8:
        raise SystemExit(1)
    return f"case {number}", Verdict(EQUAL)


def test_a_case_that_dies_hangs_or_raises_is_told_and_the_others_go_on() -> None:
    judged = list(judge_all(odd_judge, range(10), most_seconds=1.0))
    assert [each.number for each in judged] == list(range(10))
    assert {each.number: each.verdict.why for each in judged if each.verdict.outcome == FAILED} == {
        2: "the process dies (SIGSEGV)",
        4: "it takes longer than 1 s",
        6: "KeyError: 'x'",
        8: "SystemExit: 1",
    }


def test_a_case_that_takes_too_much_memory_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_forked, "MOST_MEMORY_MB", 1)
    judged = list(judge_all(lambda number, _: (str(number), Verdict(EQUAL)), range(3)))
    assert [each.number for each in judged] == [0, 1, 2]
    assert all("MB, more than 1" in each.verdict.why for each in judged)


def test_the_page_keeps_what_is_around_the_figures(tmp_path: Path) -> None:
    page = tmp_path / "fuzzing.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n", encoding="utf-8")
    figures = Figures("csv", "text", 1000, Counter({EQUAL: 999, FAILED: 1}), 12.3, 0.2, 150)
    write_page(page, [figures], seed=3)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- figures -->\n\nSeed 3.\n")
    assert text.endswith("<!-- end of figures -->\nafter\n")
    assert "| csv: text | 1,000 | 999 | 0 | 0 | 0 | 1 | 12 | 0.2 | 150 |" in text
