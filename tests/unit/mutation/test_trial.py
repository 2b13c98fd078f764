"""A fault is planted in a small project: only tests that look at it notice it, and the file is as before afterwards."""

import csv
from pathlib import Path

import pytest

from tools.mutate.areas import Mutant
from tools.mutate.change import Change
from tools.mutate.choose_tests import Chooser, Chosen
from tools.mutate.page import write_page
from tools.mutate.reach import Reach
from tools.mutate.results import read_equivalents, read_results, result_of, write_results
from tools.mutate.run_tests import run_tests
from tools.mutate.try_mutant import Trial, try_mutant

MODULE = "def is_adult(age):\n    return age >= 18\n"
LOOSE = "from shop import is_adult\n\n\ndef test_far_away():\n    assert is_adult(30) and not is_adult(5)\n"
EXACT = "from shop import is_adult\n\n\ndef test_on_the_bound():\n    assert is_adult(18)\n"
MUTANT = Mutant("loads", "shop.py", 2, "return age >= 18", Change(MODULE.index(">="), ">=", ">", "comparison"))


def reach(seconds: float = 1, *, lines: dict[str, tuple[int, ...]] | None = None, opened: str = "") -> Reach:
    return Reach(seconds, True, lines or {}, frozenset(opened.split()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "shop.py").write_text(MODULE)
    (folder / "test_loose.py").write_text(LOOSE)
    (folder / "test_exact.py").write_text(EXACT)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    return folder


@pytest.mark.parametrize(
    ("near", "outcome", "noticed_by", "files_run"),
    [
        (["test_loose.py", "test_exact.py"], "noticed", "test_exact.py::test_on_the_bound", 2),
        (["test_loose.py"], "survived", "", 1),
        ([], "unreached", "", 0),
    ],
)
def test_only_a_test_that_looks_notices(
    project: Path, near: list[str], outcome: str, noticed_by: str, files_run: int
) -> None:
    before = (project / "shop.py").stat().st_mtime_ns
    known = {"test_loose.py": reach(), "test_exact.py": reach()}
    trial = try_mutant(MUTANT, project, chosen=Chosen(tuple(near), ()), reach=known)
    assert (trial.outcome, trial.noticed_by, trial.files_run) == (outcome, noticed_by, files_run)
    assert (project / "shop.py").read_text() == MODULE
    assert (project / "shop.py").stat().st_mtime_ns == before


def test_what_does_not_end_is_ended(project: Path) -> None:
    (project / "test_endless.py").write_text("def test_endless():\n    while True:\n        pass\n")
    assert run_tests(project, ["test_endless.py"], seconds=0.5).verdict == "hung"
    assert not list(project.parent.glob("tmp-*"))


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def mutant(path: str, line: int) -> Mutant:
    return Mutant("loads", path, line, "", Change(0, "", "", "constant"))


def test_a_line_of_python_is_tried_with_what_runs_it(tmp_path: Path) -> None:
    program = "A = 1\n\n\ndef f():\n    return (\n        A\n        + 1\n    )\n\nB = 1"
    tests = dict.fromkeys(("imports", "runs", "runs_slowly", "elsewhere"), "") | {"names": "from etl.a import f"}
    copy = tree(tmp_path, {"etl/a.py": program} | {f"tests/test_{name}.py": text for name, text in tests.items()})
    imported, run = {"etl/a.py": (1, 4)}, {"etl/a.py": (1, 4, 5, 6)}
    known = {
        "tests/test_imports.py": reach(lines=imported),
        "tests/test_runs.py": reach(lines=run),
        "tests/test_runs_slowly.py": reach(9, lines=run),
        "tests/test_names.py": reach(10, lines=run),
        "tests/test_elsewhere.py": reach(lines={"etl/b.py": (1,)}),
    }
    chooser = Chooser(copy, known)
    ran = ("tests/test_names.py", "tests/test_runs.py", "tests/test_runs_slowly.py")
    assert chooser.choose(mutant("etl/a.py", 7)) == Chosen(ran, ())  # the last line of a statement that began on line 5
    unseen = chooser.choose(mutant("etl/a.py", 9))  # it may run on a thread of the engine, where coverage is blind
    assert unseen == Chosen(ran, ())
    assert chooser.choose(mutant("etl/a.py", 1)) == Chosen(ran, ("tests/test_imports.py",))


def test_a_view_is_tried_with_what_names_it_or_what_it_feeds(tmp_path: Path) -> None:
    views = {
        "warehouse/views/clinical/treatment/dose.sql": "SELECT 1 AS a",
        "warehouse/views/clinical/mean_dose.sql": "SELECT a FROM clinical.dose",
        "warehouse/views/clinical/other.sql": "SELECT 1 AS a",
    }
    tests = {
        "tests/test_fed.py": 'table = "mean_dose"',
        "tests/test_named.py": "from reading import rows\n\ndef test_a():\n    rows('dose')\n\ndef test_b():\n    rows('other')\n",
        "tests/support/reading.py": '"""Read clinical.dose."""',
        "tests/test_other.py": "query = 'select * from clinical.other -- a dose'",
        "tests/test_failing.py": "table = 'clinical.dose'",
    }
    copy = tree(tmp_path, views | tests)
    opened = " ".join(views)
    known = {name: reach(opened=opened) for name in tests if "test_" in name}
    known["tests/test_failing.py"] = Reach(1, False, {}, frozenset(views))
    assert Chooser(copy, known).choose(mutant("warehouse/views/clinical/treatment/dose.sql", 1)) == Chosen(
        ("tests/test_named.py::test_a", "tests/test_named.py", "tests/test_fed.py"), ("tests/test_other.py",)
    )


def test_results_are_read_back_and_remember_what_became_of_a_mutant_at_first(tmp_path: Path) -> None:
    first = result_of(Trial(MUTANT, "survived", "", 3, 12.34), None)
    write_results(tmp_path / "results.csv", {first.key: first})
    read = read_results(tmp_path / "results.csv")
    assert read == {MUTANT.key: first}
    again = result_of(Trial(MUTANT, "noticed", "test_exact.py::test_on_the_bound", 1, 2.0), read[MUTANT.key])
    assert (again.at_first, again.outcome, again.is_noticed) == ("survived", "noticed", True)


def test_the_page_counts_what_no_test_can_notice_apart(tmp_path: Path) -> None:
    results = [
        result_of(Trial(MUTANT, "noticed", "test_exact.py", 1, 1.0), None),
        result_of(
            Trial(Mutant("loads", "shop.py", 9, "a = 1", Change(90, "1", "2", "constant")), "survived", "", 2, 1.0),
            None,
        ),
        result_of(
            Trial(Mutant("loads", "shop.py", 8, "b = 1", Change(80, "1", "2", "constant")), "survived", "", 2, 1.0),
            None,
        ),
    ]
    reasons = {("shop.py", "b = 1", "1", "2"): "Nobody reads b."}
    write_page(tmp_path, results, seed=1, equivalents=reasons)
    page = (tmp_path / "mutation.md").read_text()
    assert "| loads | 3 | 1 | 1 | 1 | 50 % |" in page
    assert "| all | 3 | 1 | 1 | 1 | 50 % |" in page
    assert "- `shop.py`, `a = 1`: `1` becomes `2`\n" in page
    assert "- `shop.py`, `b = 1`: `1` becomes `2`. Nobody reads b." in page
    with (tmp_path / "mutation.csv").open() as file:
        assert [row["now"] for row in csv.DictReader(file)] == ["noticed", "equivalent", "survived"]


def test_every_equivalent_has_its_reason() -> None:
    assert [key for key, reason in read_equivalents().items() if len(reason.split()) < 4] == []
