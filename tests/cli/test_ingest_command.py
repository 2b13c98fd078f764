"""The real command in processes of its own, on a small hospital: what it says, and the code that it leaves with."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery

from etl.cli import COMMANDS
from etl.settings import Settings
from warehouse.reading.query import reading, run_query

HCC = Path(sys.executable).with_name("hcc")
NEVER_SAID = re.compile(r"Traceback|File \"|nanobind|Exception ignored|unforeseen")
OF_THE_FIRST = [{"delivery": "2016-04"}]
SHOWN = "select delivery from audit.site join audit.load on load_id = current_load_id"


def in_environment(settings: Settings, **more: str) -> dict[str, str]:
    own = {
        "HCC_DATA_DIR": str(settings.data_dir),
        "HCC_REPORTS_DIR": str(settings.reports_dir),
        "HCC_MAPPINGS_DIR": str(settings.mappings_dir),
        "HCC_LOCK_WAIT_SECONDS": "0.5",
    }
    return os.environ | own | more


def hcc(settings: Settings, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = in_environment(settings, **more.pop("environment", {}))
    done = subprocess.run([HCC, *arguments], env=environment, capture_output=True, text=True, check=False, **more)
    assert not NEVER_SAID.search(done.stdout + done.stderr), done.stderr
    return done


def answer(settings: Settings, *arguments: str) -> Any:
    done = hcc(settings, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def one_sentence(done: subprocess.CompletedProcess[str], code: int) -> str:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder with a blank and Hangul in its name, as on a hospital's desktop."""
    settings = settings_in(tmp_path / "간암 자료", has_warehouse=False)  # the first command makes it
    write_delivery(settings, "2016-04")
    return settings


@pytest.mark.slow
def test_a_day_with_the_command(settings: Settings) -> None:
    """One story, because each of its steps needs the ones before."""
    first = hcc(settings, "ingest", SITE)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("hill 2016-04 is published as load 1.\nWith questions: All 200 rows were loaded. ")
    assert re.search(r"^labs.csv +lab_result +80 +80 +0 +0 +0 +80 +80 +0 +0 +0$", first.stdout, flags=re.MULTILINE)
    assert "What needs attention" in first.stdout
    assert f"Report: {settings.reports_dir / 'hill.html'}\n" in first.stdout
    questions = re.findall(r'make query Q="(.*)"', first.stdout)
    assert len(questions) == 3
    assert "SYNTHETIC" in first.stderr

    again = hcc(settings, "ingest", SITE)
    assert again.stdout.startswith("hill 2016-04 is in already, unchanged, as load 1: nothing to do.")
    for question in questions:
        assert answer(settings, "query", question)

    people = people_rows(41)
    people[3] = people[3].replace("생존", "모름")
    people.append(people[0])
    write_delivery(settings, "2016-05", people=people, labs=lab_rows(41))
    told = answer(settings, "ingest", SITE)
    assert {name: told[name] for name in ("load_id", "delivery", "is_noop", "is_synthetic")} == {
        "load_id": 2,
        "delivery": "2016-05",
        "is_noop": False,
        "is_synthetic": True,
    }
    assert {row["rule"] for row in told["findings"]} >= {"unlisted_code", "duplicate_key", "never_filled"}

    assert [(row["load_id"], row["is_current"]) for row in answer(settings, "status")] == [(2, True), (1, False)]
    found = [row["sentence"] for row in answer(settings, "findings", SITE, "--rule", "unlisted_code")]
    assert len(found) == 1
    assert found[0].startswith("people.csv record 4 (line 5), column '상태': '모름' ")
    unfilled = [row["sentence"] for row in answer(settings, "findings", SITE, "--rule", "never_filled")]
    assert any(sentence.startswith("patient, column 'aetiology': ") for sentence in unfilled)
    assert any(sentence.startswith("procedure: ") for sentence in unfilled)
    refused = answer(settings, "quarantine", SITE, "--table", "patient")
    assert [(row["record"], row["line"], row["rules"]) for row in refused] == [(42, 43, ["duplicate_key"])]
    assert "H0001" not in json.dumps(refused)
    assert answer(settings, "describe", "analysis.cohort")

    gone_back = hcc(settings, "rollback", SITE)
    assert gone_back.stderr == (
        "hill shows load 1 (delivery 2016-04) again; load 2 (delivery 2016-05) is withdrawn. It stays away until a newer "
        "delivery comes, or it is named: hcc ingest hill --delivery 2016-05. "
        f"Report: {settings.reports_dir / 'hill.html'}\n"
    )
    assert "2016-04" in (settings.reports_dir / "hill.html").read_text(encoding="utf-8")
    assert answer(settings, "findings", SITE, "--rule", "unlisted_code") == []
    assert answer(settings, "query", "select count(*) as patients from analysis.cohort") == [{"patients": 40}]
    assert "2016-05 was rolled back, so it stays away" in one_sentence(hcc(settings, "ingest", SITE), 5)
    assert answer(settings, "ingest", SITE, "--delivery", "2016-05")["load_id"] == 3
    assert answer(settings, "query", "select count(*) as patients from analysis.cohort") == [{"patients": 41}]

    pruned = answer(settings, "prune", "--keep", "1")
    assert {load["load_id"] for load in pruned["pruned"]} == {1, 2}
    assert list(settings.landed_dir.glob("*/[!.]*")) == []
    assert answer(settings, "query", "select distinct load_id from core.patient") == [{"load_id": 3}]
    assert one_sentence(hcc(settings, "rollback", SITE), 8).startswith("hill has only load 3")


def test_a_mapping_is_checked_and_explained_without_a_delivery(settings: Settings) -> None:
    assert hcc(settings, "check-mapping", SITE).returncode == 0
    assert "SELECT" in hcc(settings, "explain", SITE, "lab_result").stdout
    people = settings.raw_dir / SITE / "2016-04" / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace("성명", "이름", 1), encoding="utf-8")
    for command in (["check-mapping", SITE], ["ingest", SITE]):
        assert "no file has the column '성명' that mapping.yaml names" in one_sentence(hcc(settings, *command), 4)
    people.write_text(text, encoding="utf-8")
    mapping = settings.mappings_dir / SITE / "mapping.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("sex:", "sexx:"), encoding="utf-8")
    for command in (["check-mapping", SITE], ["explain", SITE, "patient"], ["ingest", SITE]):
        said = one_sentence(hcc(settings, *command), 3)
        assert re.search(r"mapping.yaml:16: .*sexx.* Did you mean 'sex'\?", said)
    assert answer(settings, "query", "select count(*) as loads from audit.load") == [{"loads": 0}]
    attempts = answer(settings, "query", "select exit_code, delivery from audit.attempt order by attempt_id")
    assert attempts == [{"exit_code": 4, "delivery": "2016-04"}, {"exit_code": 3, "delivery": "2016-04"}]
    status = hcc(settings, "status")
    assert status.returncode == 0
    assert status.stderr.startswith("hill: A newer delivery (2016-04) was turned away on ")
    assert "Did you mean 'sex'?" in status.stderr


@pytest.mark.slow
def test_an_option_is_chosen_listed_and_taken_back(settings: Settings) -> None:
    assert hcc(settings, "ingest", SITE).returncode == 0
    assert hcc(settings, "option", "set", "long_term_months", "36").stderr.startswith("long_term_months is 36. ")
    (listed,) = [row for row in answer(settings, "option", "list") if row["name"] == "long_term_months"]
    assert (listed["value"], listed["default"], bool(listed["chosen_by"])) == ("36", "24", True)
    said = one_sentence(hcc(settings, "option", "set", "long_term_months", "two"), 11)
    assert "'long_term_months' cannot be 'two'; expected is a number" in said
    assert hcc(settings, "option", "set", "long_term_months").returncode == 2
    assert hcc(settings, "option", "unset", "long_term_months").returncode == 0
    derived = answer(settings, "derive")
    assert (derived["views_built"], derived["assessed"], len(derived["reports"])) == (False, [], 2)
    mapping = settings.mappings_dir / SITE / "mapping.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('["", "NA"]', '["", "NA", "?"]'), encoding="utf-8")
    differs = "Loads were made from other files than those of today (hill: mapping): run 'hcc ingest-all'."
    assert hcc(settings, "query", "select 1").stderr == f"{differs}\n"
    assert hcc(settings, "explain", SITE, "patient").stderr == f"{differs}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ingest", "../x"], 8, "There is no mapping"),
        (["ingest", "hill/../hill"], 3, "'site' is 'hill'"),
        (["ingest", SITE, "--delivery", "raw/hill/2016-04"], 8, "no delivery named 'raw/hill/2016-04'. There are: 2016-04."),
        (["ingest", SITE, "--delivery", "../2016-04"], 8, "no delivery named"),
        (["query", "select 1"], 8, "There is no warehouse yet"),
    ],
)  # fmt: skip
def test_odd_names_are_answered_in_a_sentence(settings: Settings, arguments: list[str], code: int, words: str) -> None:
    assert words in one_sentence(hcc(settings, *arguments), code)


def test_a_hospital_that_has_sent_nothing_and_cannot_be_made_up_is_told_where_to_put_it(settings: Settings) -> None:
    (settings.raw_dir / SITE / "2016-04").rename(settings.data_dir / "elsewhere")
    said = one_sentence(hcc(settings, "ingest", SITE), 8)
    assert said == f"{settings.raw_dir / SITE}: no delivery found. Put the hospital's files into a folder there.\n"


@pytest.mark.slow
def test_data_behind_a_link_and_a_reader_that_goes_away(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(settings.data_dir)
    environment = in_environment(settings, HCC_DATA_DIR=str(tmp_path / "link"))
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{HCC}' ingest {SITE} | head -1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("hill 2016-04 is published as load 1")
    assert done.stdout.count("\n") == 1
    assert not NEVER_SAID.search(done.stderr)
    assert answer(settings, "query", SHOWN) == OF_THE_FIRST


@pytest.mark.slow
def test_a_report_that_cannot_be_written_is_told_with_what_was_published(settings: Settings) -> None:
    settings.reports_dir.write_text("a file in the way")
    said = one_sentence(hcc(settings, "ingest", SITE), 7)
    assert said.startswith("hill 2016-04 is published as load 1, but without its report. ")
    assert said.endswith("then 'hcc report hill'.\n")
    assert answer(settings, "query", SHOWN) == OF_THE_FIRST
    settings.reports_dir.unlink()
    assert hcc(settings, "report", SITE).stdout == f"{settings.reports_dir / 'hill.html'}\n"


@pytest.fixture
def published(settings: Settings) -> Settings:
    """A first delivery is in, and a second one waits."""
    assert hcc(settings, "ingest", SITE).returncode == 0
    write_delivery(settings, "2016-05", people=people_rows(45))
    return settings


PAUSED = """
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
import etl.pipeline
from etl.cli import main
land = etl.pipeline.stage
def wait(*args, **kwargs):
    print("holding", flush=True)
    {wait}
    return land(*args, **kwargs)
etl.pipeline.stage = wait
sys.argv = ["hcc", "ingest", "hill"]
main()
"""
"""The command as it is, but that it pauses while it holds the warehouse, and hears Ctrl-C though its parents may not."""


@pytest.fixture
def running(published: Settings) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts an ingest, and gives it back when it holds the warehouse."""
    started: list[subprocess.Popen[str]] = []

    def start(wait: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PAUSED.format(wait=wait)],
            env=in_environment(published),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_a_second_ingest_gives_up_with_the_name_of_the_first(
    published: Settings, running: Callable[[str], subprocess.Popen[str]]
) -> None:
    first = running("sys.stdin.read()")
    second = hcc(published, "ingest", SITE)
    assert second.returncode == 6
    waiting, gave_up = second.stderr.splitlines()
    assert waiting.startswith("Waiting for the warehouse, which is held by ")
    assert str(first.pid) in waiting
    assert "is still held by" in gave_up
    assert str(first.pid) in gave_up
    first.communicate()
    assert first.returncode == 0
    assert answer(published, "query", SHOWN) == [{"delivery": "2016-05"}]


@pytest.mark.slow
def test_a_second_ingest_waits_and_then_runs(
    published: Settings, running: Callable[[str], subprocess.Popen[str]]
) -> None:
    first = running("sys.stdin.read()")
    second = subprocess.Popen(
        [HCC, "ingest", SITE],
        env=in_environment(published, HCC_LOCK_WAIT_SECONDS="120"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert second.stderr.readline().startswith("Waiting for the warehouse")
    first.communicate()
    said, _ = second.communicate()
    assert said.startswith("hill 2016-05 is in already, unchanged, as load 2: nothing to do.")
    assert (first.returncode, second.returncode) == (0, 0)


@pytest.mark.slow
def test_ctrl_c_says_so_and_changes_nothing(
    published: Settings, running: Callable[[str], subprocess.Popen[str]]
) -> None:
    first = running("sys.stdin.readline()")
    first.send_signal(signal.SIGINT)
    _, said = first.communicate()
    assert (first.returncode, said) == (130, "Interrupted. What was published before is unchanged.\n")
    assert answer(published, "query", SHOWN) == OF_THE_FIRST
    assert [row["state"] for row in answer(published, "status")] == ["published"]


READER = """
import sys
import duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(*con.execute("SELECT count(*) FROM analysis.cohort").fetchone(), flush=True)
"""
"""Somebody's Python or R: it holds the name for people open, and asks once for every line that it hears."""


@pytest.fixture
def readers(published: Settings) -> Iterator[list[subprocess.Popen[str]]]:
    """Ten programs that hold the warehouse open, as it was after the first delivery."""
    command = [sys.executable, "-c", READER, str(published.warehouse_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        for _ in range(10)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def heard(readers: list[subprocess.Popen[str]]) -> set[str]:
    """Ask every reader, and collect their different answers."""
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("\n")
    return {reader.stdout.readline() for reader in readers if reader.stdout is not None}


@pytest.mark.slow
def test_ten_open_readers_disturb_nobody_and_keep_their_answer(
    published: Settings, readers: list[subprocess.Popen[str]], running: Callable[[str], subprocess.Popen[str]]
) -> None:
    """Before, during and after an ingest, and next to readers in this process that open before and afterwards."""
    question = "SELECT count(*) FROM analysis.cohort"
    assert heard(readers) == {"40\n"}
    with reading(published.warehouse_path) as con:
        ingest = running("sys.stdin.read()")
        assert heard(readers) == {"40\n"}
        said, told = ingest.communicate()
        assert (ingest.returncode, said) == (0, said), told
        assert heard(readers) == {"40\n"}, "the first delivery has 40 patients, the second one 45"
        assert con.execute(question).fetchall() == [(40,)]
        assert run_query(published.warehouse_path, question).rows == ((45,),)
        with duckdb.connect(str(published.warehouse_path), read_only=True) as people:
            assert people.execute(question).fetchall() == [(45,)]
    assert answer(published, "query", SHOWN) == [{"delivery": "2016-05"}]


@pytest.mark.slow
def test_every_reading_command_answers_while_an_ingest_is_at_work(
    published: Settings, running: Callable[[str], subprocess.Popen[str]]
) -> None:
    """As of the version before, until the ingest has published."""
    assert set(COMMANDS) == READING | WRITING | WITHOUT_WAREHOUSE, "a new command is to be put into one of them"
    (patient,) = [
        row["patient_id"] for row in answer(published, "query", "FROM analysis.cohort SELECT patient_id LIMIT 1")
    ]
    asked = {
        "report": [SITE],
        "findings": [SITE],
        "quarantine": [SITE],
        "questions": [SITE],
        "status": [],
        "query": [SHOWN],
        "describe": ["analysis.cohort"],
        "export": [str(published.data_dir / "exported"), "--schema", "analysis"],
        "timeline": [SITE, patient],
        "freeze": ["during-an-ingest"],
        "sql": [],
    }
    assert asked.keys() | {"recall", "audit-table"} == READING
    first = running("sys.stdin.read()")
    ends = {}
    for command, arguments in asked.items():
        done = subprocess.run(
            [HCC, command, *arguments],
            input="SELECT 40 + 2 AS n;",
            env=in_environment(published),
            capture_output=True,
            text=True,
            check=False,
        )
        ends[command] = (done.returncode, done.stderr if done.returncode else "")
    code, told = ends.pop("freeze")  # it reads, and finds that no study was computed in this small warehouse
    assert (code, told.startswith("The warehouse does not hold the present results of the study")) == (5, True)
    assert set(ends.values()) == {(0, "")}, ends
    assert hcc(published, "option", "list").returncode == 0
    assert answer(published, "query", SHOWN) == OF_THE_FIRST
    first.communicate()
    assert first.returncode == 0
    assert answer(published, "query", SHOWN) == [{"delivery": "2016-05"}]


READING = {
    "report", "findings", "quarantine", "questions", "status", "query", "describe", "timeline", "freeze", "sql", "recall",
    "audit-table", "export",
}  # fmt: skip
"""The commands that read the warehouse; recall and audit-table do so as `query` does, by `warehouse.reading.query.reading`."""
WRITING = {"ingest", "ingest-all", "derive", "option", "rollback", "prune", "study"}
WITHOUT_WAREHOUSE = {"synthesize", "check-mapping", "explain", "grade", "score", "survive", "respond", "check-study"}


def ingest_on(disk: Path, settings: Settings, **more: str) -> subprocess.CompletedProcess[str]:
    return hcc(settings, "ingest", SITE, environment={"HCC_DATA_DIR": str(disk), **more})


@pytest.mark.slow
@pytest.mark.parametrize(("size_kb", "step"), [(60, "landing"), (320, "staging")])
def test_a_disk_that_is_full_from_the_start(
    settings: Settings, small_disk: Callable[[int], Path], size_kb: int, step: str
) -> None:
    disk = small_disk(size_kb)
    (disk / "raw").symlink_to(settings.raw_dir)
    filler = disk / "filler"
    if step == "landing":
        filler.write_bytes(b"0" * (size_kb - 8) * 1024)
    said = one_sentence(ingest_on(disk, settings), 7)
    assert str(disk) in said
    assert "full" in said or "Make room" in said
    assert not list(disk.glob("landed/hill/.draft-*"))
    filler.unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,size=80m", str(disk)], check=True)
    assert ingest_on(disk, settings).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("room_kb", [0, 120, 450, 2_000, 8_000, 20_000, 40_000])
def test_a_disk_that_fills_up_shows_what_was_published(
    published: Settings, small_disk: Callable[[int], Path], room_kb: int
) -> None:
    """With a little more room each time, the disk is full at another step; what is shown is the old or the new."""
    disk = small_disk(60_000)
    for path in (*published.data_dir.glob("warehouse*.duckdb"), published.data_dir / "keys", published.landed_dir):
        subprocess.run(["cp", "-a", str(path), str(disk)], check=True)
    (disk / "raw").symlink_to(published.raw_dir)
    used_kb = sum(path.stat().st_blocks for path in disk.rglob("*")) // 2
    subprocess.run(["mount", "-o", f"remount,size={used_kb + room_kb}k", str(disk)], check=True)
    done = ingest_on(disk, published)
    shown = json.loads(hcc(published, "query", SHOWN, "--json", environment={"HCC_DATA_DIR": str(disk)}).stdout)
    if done.returncode == 0:
        assert shown == [{"delivery": "2016-05"}]
    else:
        assert str(disk) in one_sentence(done, 7)
        assert shown == OF_THE_FIRST
    subprocess.run(["mount", "-o", "remount,size=300m", str(disk)], check=True)
    assert ingest_on(disk, published).returncode == 0


@pytest.mark.slow
def test_a_full_disk_under_the_reports(published: Settings, small_disk: Callable[[int], Path]) -> None:
    disk = small_disk(16)
    (disk / "filler").write_bytes(b"0" * 12 * 1024)
    done = hcc(published, "ingest", SITE, environment={"HCC_REPORTS_DIR": str(disk)})
    said = one_sentence(done, 7)
    assert said.startswith("hill 2016-05 is published as load 2, but without its report. ")
    assert "No space left" in said
    assert [path.name for path in disk.iterdir()] == ["filler"]
    assert answer(published, "query", SHOWN) == [{"delivery": "2016-05"}]


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


@pytest.mark.slow
def test_files_that_may_not_grow(settings: Settings) -> None:
    """A quota on the size of files, as some machines set, is the machine's fault and said as one."""
    assert str(settings.data_dir) in one_sentence(hcc(settings, "ingest", SITE, preexec_fn=limit_files), 7)
    assert hcc(settings, "ingest", SITE).returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(settings: Settings) -> None:
    settings.data_dir.chmod(0o500)
    try:
        assert str(settings.data_dir) in one_sentence(hcc(settings, "ingest", SITE), 7)
    finally:
        settings.data_dir.chmod(0o700)
