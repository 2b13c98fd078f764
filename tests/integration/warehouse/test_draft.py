"""The door to the warehouse: readers and writers never meet, and only a whole draft becomes a version."""

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.dying_writer import run_dying
from support.warehouse_door import door, leftovers, versions

from warehouse.errors import BusyError, EnvironmentRefusal, NotFoundError
from warehouse.file import file_copy
from warehouse.file.connect import open_for_expectations, raw_connection
from warehouse.file.draft import Draft, writing_draft
from warehouse.file.versions import newest_version, publish_file
from warehouse.reading.query import reading, run_query

HOSPITAL = "SELECT hospital FROM audit.site"


def write(draft: Draft, hospital: str) -> None:
    """Write something that a reader can ask for."""
    with raw_connection(draft.write()) as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS audit")
        con.execute("CREATE TABLE IF NOT EXISTS audit.site (site_id VARCHAR, hospital VARCHAR)")
        con.execute("DELETE FROM audit.site")
        con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('hill', ?)", [hospital])


def publish(path: Path, hospital: str) -> None:
    with door(path) as draft:
        write(draft, hospital)


def shown(path: Path) -> str:
    """What our own readers see."""
    return str(run_query(path, HOSPITAL).rows[0][0])


def shown_elsewhere(path: Path) -> str:
    """What a program of another process sees that opens the name for people read-only."""
    program = (
        "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path), HOSPITAL], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def shown_here(path: Path) -> str:
    """The same in this process."""
    with duckdb.connect(str(path), read_only=True) as con:
        return str(con.execute(HOSPITAL).fetchall()[0][0])


@pytest.fixture
def path(warehouse_path: Path) -> Path:
    """A warehouse whose first version is published."""
    publish(warehouse_path, "first")
    return warehouse_path


@pytest.fixture
def held_elsewhere() -> Iterator[Callable[[Path, bool], subprocess.Popen[str]]]:
    """Starts a process that opens a file with the bare engine, and answers again and again for as long as it lives."""
    program = """if True:
        import duckdb, sys
        con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "True")
        print("open", flush=True)
        for question in sys.stdin:
            print(con.execute(question).fetchone()[0], flush=True)
    """
    started: list[subprocess.Popen[str]] = []

    def start(path: Path, read_only: bool) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(read_only)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.communicate("")


def ask_held(process: subprocess.Popen[str], question: str = HOSPITAL) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


# -- what becomes a version, and what does not -------------------------------------------------------------------------


def test_a_draft_becomes_the_next_version_and_the_name_for_people_leads_to_it(warehouse_path: Path) -> None:
    publish(warehouse_path, "first")
    publish(warehouse_path, "second")
    assert [version.name for version in versions(warehouse_path)] == ["warehouse.1.duckdb", "warehouse.2.duckdb"]
    assert str(warehouse_path.readlink()) == "warehouse.2.duckdb", "a link that stays right when the folder is moved"
    assert (shown(warehouse_path), shown_elsewhere(warehouse_path)) == ("second", "second")
    assert leftovers(warehouse_path) == []


def test_the_newest_version_and_the_one_before_stay(path: Path) -> None:
    for number in range(2, 13):
        publish(path, f"number {number}")
        assert shown(path) == f"number {number}"
    assert [version.name for version in versions(path)] == ["warehouse.11.duckdb", "warehouse.12.duckdb"]


def test_nothing_is_copied_when_nothing_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.file.draft.copy_file", lambda *_: pytest.fail("it was copied"))
    before = newest_version(path)
    with door(path) as draft, raw_connection(draft.engine) as con:
        assert con.execute(HOSPITAL).fetchall() == [("first",)]
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("DELETE FROM audit.site")
    assert newest_version(path) == before
    assert leftovers(path) == []


def test_what_was_written_is_read_on_the_draft_and_by_nobody_else(path: Path) -> None:
    with door(path) as draft:
        write(draft, "second")
        with raw_connection(draft.engine) as con:
            assert con.execute(HOSPITAL).fetchall() == [("second",)]
        assert (shown(path), shown_elsewhere(path)) == ("first", "first")
    assert shown(path) == "second"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_nothing_of_a_run_that_fails_is_published(path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), door(path) as draft:
        write(draft, "never seen")
        raise error
    assert (shown(path), [version.name for version in versions(path)]) == ("first", ["warehouse.1.duckdb"])
    assert leftovers(path) == []


def test_a_run_may_publish_and_go_on(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), door(path) as draft:
        write(draft, "second")
        draft.publish()
        assert (shown(path), shown_elsewhere(path)) == ("second", "second"), "while the writer is still at work"
        with raw_connection(draft.engine) as con:
            assert con.execute(HOSPITAL).fetchall() == [("second",)]
        write(draft, "third")
        raise ZeroDivisionError
    assert shown(path) == "second"


def test_what_a_thread_is_about_to_read_by_stays_good_when_another_makes_the_copy(path: Path) -> None:
    with door(path) as draft:
        taken = draft.engine
        write(draft, "second")
        with raw_connection(taken) as con:
            assert con.execute(HOSPITAL).fetchall() == [("first",)]
        with raw_connection(draft.engine) as con:
            assert con.execute(HOSPITAL).fetchall() == [("second",)]
    assert shown(path) == "second"
    assert leftovers(path) == []


def test_the_first_warehouse_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "data" / "warehouse.duckdb"
    with pytest.raises(ZeroDivisionError), door(path) as draft:
        with raw_connection(draft.engine) as con:
            con.execute("CREATE TABLE t AS SELECT 1 AS n")
        with pytest.raises(NotFoundError):
            run_query(path, "FROM t")
        raise ZeroDivisionError
    assert newest_version(path) is None
    with door(path) as draft, raw_connection(draft.engine) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS n")
    assert run_query(path, "FROM t").rows == ((1,),)
    assert path.is_symlink()


def test_a_forgotten_connection_is_found_before_it_locks_the_version(path: Path) -> None:
    with (
        ExitStack() as forgotten,
        pytest.raises(AssertionError, match="still open in this process"),
        door(path) as draft,
    ):
        write(draft, "second")
        forgotten.callback(open_for_expectations(draft.engine).connect().close)
    assert shown(path) == "first"


def test_no_log_stands_next_to_a_version(path: Path) -> None:
    with door(path) as draft, raw_connection(draft.write()) as con:
        for number in range(100):
            con.execute("INSERT INTO audit.site (site_id, hospital) VALUES (?, '')", [f"site {number}"])
        assert list(path.parent.glob("*.wal")), "there was none to begin with, and this test proves nothing"
    assert list(path.parent.glob("*.wal")) == []
    assert run_query(path, "SELECT count(*) FROM audit.site").rows == ((101,),)


def test_a_version_has_the_rights_of_the_one_before(path: Path) -> None:
    versions(path)[-1].chmod(0o640)
    publish(path, "second")
    with door(path) as draft:
        draft.compact()
    assert [oct(version.stat().st_mode & 0o777) for version in versions(path)] == ["0o640"]


# -- readers --------------------------------------------------------------------------------------------------------------


def test_readers_before_during_and_after_in_this_process(path: Path) -> None:
    with reading(path) as before, door(path, threads=1) as draft:
        write(draft, "second")
        with reading(path) as during:
            assert during.execute(HOSPITAL).fetchall() == [("first",)]
        draft.publish()
        with reading(path) as after:
            assert after.execute(HOSPITAL).fetchall() == [("second",)]
        assert before.execute(HOSPITAL).fetchall() == [("first",)]
        by_name = duckdb.connect(str(path), read_only=True, config={"threads": 1})
        assert by_name.execute(HOSPITAL).fetchall() == [("second",)]
        by_name.close()


@pytest.mark.parametrize("is_by_name", [True, False])
def test_a_reader_of_this_process_with_settings_of_its_own(path: Path, is_by_name: bool) -> None:
    """As a person has one open who then ingests in the same Python session."""
    file = path if is_by_name else versions(path)[-1]
    own = duckdb.connect(str(file), read_only=True, config={"threads": 3})
    with door(path) as draft, raw_connection(draft.engine) as con:
        assert con.execute(HOSPITAL).fetchall() == [("first",)]
    publish(path, "second")
    assert own.execute(HOSPITAL).fetchall() == [("first",)]
    assert own.execute("SELECT current_setting('threads')").fetchall() == [(3,)]
    assert shown(path) == "second"
    own.close()


def test_readers_of_one_process_share_a_lock_and_other_settings_are_refused_in_a_sentence(path: Path) -> None:
    with reading(path), reading(path) as second:
        assert second.execute(HOSPITAL).fetchall() == [("first",)]
        with pytest.raises(duckdb.Error):
            second.execute("SELECT * FROM read_text('/etc/passwd')")
    own = duckdb.connect(str(path), read_only=True, config={"threads": 3})
    with pytest.raises(EnvironmentRefusal, match="open already, with other settings"):
        run_query(path, HOSPITAL)
    own.close()


def test_a_held_reader_keeps_its_answer_through_ten_swaps(
    path: Path, held_elsewhere: Callable[[Path, bool], subprocess.Popen[str]]
) -> None:
    by_name, by_version = held_elsewhere(path, True), held_elsewhere(versions(path)[-1], True)
    ours = duckdb.connect(str(path), read_only=True)
    for number in range(10):
        publish(path, f"swap {number}")
        assert ask_held(by_name) == ask_held(by_version) == "first"
        assert ours.execute(HOSPITAL).fetchall() == [("first",)]
        assert shown(path) == shown_here(path) == f"swap {number}"
    assert shown_elsewhere(path) == "swap 9"
    everything = "SELECT sum(estimated_size)::BIGINT FROM duckdb_tables()"
    assert ask_held(by_name, everything) == ask_held(by_version, everything)
    ours.close()


def test_readers_that_open_while_versions_are_swapped_always_find_one(path: Path) -> None:
    """Two threads open and ask as fast as they can while versions come and go."""
    is_over = threading.Event()
    failures: list[Exception] = []
    answers = 0

    def ask(read: Callable[[], Any]) -> None:
        nonlocal answers
        while not is_over.is_set():
            try:
                assert read()
                answers += 1
            except Exception as error:
                failures.append(error)

    readers = [
        threading.Thread(target=ask, args=[lambda: shown(path)]),
        threading.Thread(target=ask, args=[lambda: shown_elsewhere(path)]),
    ]
    for reader in readers:
        reader.start()
    for number in range(15):
        publish(path, f"swap {number}")
    is_over.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert answers > 2


def test_a_version_that_goes_before_it_is_opened_is_looked_for_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[Path | None] = []

    def name(asked: Path) -> Path | None:
        named.append(newest_version(asked))
        if len(named) == 1:
            for number in range(3):
                publish(path, f"swap {number}")
        return named[-1]

    monkeypatch.setattr("warehouse.file.connect.newest_version", name)
    assert shown(path) == "swap 2"
    assert named[0] != named[-1]


# -- other programs, older installations -----------------------------------------------------------------------------------


def test_a_warehouse_of_an_older_installation_is_the_first_version(warehouse_path: Path) -> None:
    """With rows that are only in the log that a killed run has left."""
    program = """if True:
        import duckdb, os, signal, sys
        con = duckdb.connect(sys.argv[1])
        con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('hill', 'in the log')")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", program, str(warehouse_path)], check=False)
    log = Path(f"{warehouse_path}.wal")
    assert log.exists(), "nothing is in a log, and this test proves nothing"
    assert shown(warehouse_path) == "in the log"
    with door(warehouse_path) as draft:
        with raw_connection(draft.engine) as con:
            assert con.execute(HOSPITAL).fetchall() == [("in the log",)]
        assert not warehouse_path.is_symlink(), "as long as nothing is written, the file stays what it was"
        draft.write()
    assert warehouse_path.is_symlink()
    assert not log.exists()
    assert shown(warehouse_path) == shown_elsewhere(warehouse_path) == "in the log"
    assert [version.name for version in versions(warehouse_path)] == ["warehouse.1.duckdb"]


def test_a_file_on_another_disk_that_is_left_behind_is_reported_once(warehouse_path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other disk" / "hospitals.duckdb"
    other.parent.mkdir()
    shutil.move(warehouse_path, other)
    warehouse_path.symlink_to(other)
    said: list[str] = []

    def write_through(hospital: str | None) -> None:
        with writing_draft(warehouse_path, wait_seconds=1, say=said.append) as draft:
            if hospital is not None:
                write(draft, hospital)

    write_through(None)
    assert said == [], "as long as nothing is written, the link stays what it was"
    assert warehouse_path.resolve() == other
    write_through("new")
    assert len(said) == 1
    assert said[0].startswith(f"{warehouse_path} was a link to {other}, which is not used any more")
    assert other.exists()
    assert shown(warehouse_path) == "new"
    write_through("newer")
    assert len(said) == 1
    with pytest.raises(RuntimeError), writing_draft(warehouse_path, wait_seconds=1, say=said.append) as draft:
        write(draft, "never")
        raise RuntimeError
    assert len(said) == 1


@pytest.mark.parametrize("length", [0, 12, 2000, 4096, 12_287])
def test_a_file_that_an_older_installation_never_finished_is_no_warehouse(tmp_path: Path, length: int) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS n")
    path.write_bytes(path.read_bytes()[:length])
    path.with_name("warehouse.duckdb.wal").write_bytes(b"left")
    with pytest.raises(NotFoundError, match="There is no warehouse yet"):
        run_query(path, "SELECT 1")
    publish(path, "first")
    assert shown(path) == shown_elsewhere(path) == "first"
    assert run_query(path, "SELECT count(*) FROM duckdb_tables()").rows == ((1,),)
    assert leftovers(path) == []


def test_a_short_file_of_another_kind_stays_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("somebody's notes, not a database", encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="is not a DuckDB database"):
        publish(path, "first")
    assert path.read_text(encoding="utf-8").startswith("somebody")
    assert leftovers(path) == []


def test_a_held_reader_of_the_older_installation_is_no_obstacle(
    warehouse_path: Path, held_elsewhere: Callable[[Path, bool], subprocess.Popen[str]]
) -> None:
    reader = held_elsewhere(warehouse_path, True)
    publish(warehouse_path, "first")
    assert ask_held(reader, "SELECT count(*) FROM audit.site") == "0"
    assert shown_elsewhere(warehouse_path) == "first"


@pytest.mark.parametrize("is_by_name", [True, False])
def test_a_program_that_writes_to_a_version_is_named(
    path: Path, held_elsewhere: Callable[[Path, bool], subprocess.Popen[str]], is_by_name: bool
) -> None:
    writer = held_elsewhere(path if is_by_name else versions(path)[-1], False)
    with (
        pytest.raises(BusyError, match=rf"open for writing in 'python\S*' \(process {writer.pid}\)"),
        door(path) as draft,
    ):
        draft.write()
    assert leftovers(path) == []
    writer.communicate("")
    publish(path, "second")
    assert shown(path) == "second"


def test_what_a_killed_program_wrote_to_a_version_waits_for_a_decision(path: Path) -> None:
    """It lies in a log that may be cut short, which nobody can see: the log is neither followed nor thrown away."""
    program = """if True:
        import duckdb, os, signal, sys
        con = duckdb.connect(sys.argv[1])
        con.execute("UPDATE audit.site SET hospital = 'by hand'")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    with pytest.raises(EnvironmentRefusal, match="a log of changes that another program began"), door(path) as draft:
        draft.write()
    with duckdb.connect(str(versions(path)[-1])) as con:
        con.execute("CHECKPOINT")
    with door(path) as draft:
        draft.write()
    assert shown(path) == shown_elsewhere(path) == "by hand"


@pytest.mark.parametrize("kind", ["hard link", "copy"])
def test_without_symbolic_links_the_name_for_people_is_as_good(
    warehouse_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    if kind == "copy":
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    for number in range(3):
        publish(warehouse_path, f"swap {number}")
        assert shown(warehouse_path) == shown_here(warehouse_path) == f"swap {number}"
    assert shown_elsewhere(warehouse_path) == "swap 2"
    assert warehouse_path.samefile(versions(warehouse_path)[-1]) == (kind == "hard link")
    before = warehouse_path.stat().st_ino
    with door(warehouse_path):
        pass
    assert warehouse_path.stat().st_ino == before, "what is right already is left alone"
    assert leftovers(warehouse_path) == []


def test_a_lost_name_for_people_is_made_again(path: Path) -> None:
    path.unlink()
    assert shown(path) == "first", "our own readers do not need it"
    with door(path):
        pass
    assert shown_elsewhere(path) == "first"


# -- dead writers ---------------------------------------------------------------------------------------------------------


def test_what_a_dead_writer_left_is_removed_by_the_next(path: Path) -> None:
    (path.parent / "warehouse.draft-0123.duckdb").write_bytes(b"half a file")
    (path.parent / "warehouse.draft-0123.duckdb.wal").write_bytes(b"")
    (path.parent / "warehouse.draft-0123.duckdb.tmp").mkdir()
    (path.parent / "warehouse.draft-0123.duckdb.tmp" / "spilled").write_bytes(b"rows")
    (path.parent / "warehouse.draft-4567.duckdb").symlink_to("nowhere")
    (path.parent / "other.draft-4567.duckdb").write_bytes(b"not ours")
    with door(path):
        pass
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "other.draft-4567.duckdb",
        "warehouse.1.duckdb",
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("work", ["new", "older", "next", "compacted"])
def test_a_writer_killed_at_any_of_its_steps_leaves_a_whole_version(
    warehouse_path: Path, tmp_path: Path, work: str
) -> None:
    """A first warehouse, one taken over from an older installation, a further version, and one that erases."""
    if work == "older":
        with duckdb.connect(str(warehouse_path)) as con:
            con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('hill', 'first')")
    elif work != "new":
        publish(warehouse_path, "zeroth")
        publish(warehouse_path, "first")
    before = None if work == "new" else "first"
    answers = []
    for death in range(1, 80):
        copy = tmp_path / f"death {death}" / "warehouse.duckdb"
        copy.parent.mkdir()
        for file in warehouse_path.parent.glob("warehouse*.duckdb") if work != "new" else ():
            shutil.copy2(file, copy.parent, follow_symlinks=False)
        was_killed = run_dying(copy, death, is_compacted=work == "compacted")
        found = shown(copy) if newest_version(copy) else None
        answers.append(found)
        if not was_killed:
            break
        if copy.exists():
            assert shown_here(copy) in {before, found}, "the name for people opens, if it is there"
        publish(copy, "third")
        assert shown(copy) == shown_here(copy) == "third", "the next writer is not stopped by it"
        assert leftovers(copy) == []
        shutil.rmtree(copy.parent)
    else:
        pytest.fail("no writer came to its end")
    assert len(answers) > 8, "its steps are watched"
    assert answers[0] == before
    assert answers[-1] == "second"
    assert set(answers) == {before, "second"}
    assert answers == sorted(answers, key=lambda each: each == "second"), "once the new version is there it stays"


# -- the machine says no ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.1, 0.9, 1.5, 2.5])
def test_a_disk_that_is_full_during_the_copy_is_told(
    path: Path, small_disk: Callable[[int], Path], part: float
) -> None:
    size = versions(path)[-1].stat().st_size
    disk = small_disk(int(size * (1 + part)) // 1024 + 64)
    on_disk = disk / path.name
    shutil.copyfile(path, on_disk)
    if part < 1:
        with pytest.raises(EnvironmentRefusal, match=r"is full .* Free some space"):
            publish(on_disk, "second")
        assert shown(on_disk) == "first"
        assert versions(on_disk) == []
    else:
        publish(on_disk, "second")
        publish(on_disk, "third")  # with room for two files, the version before makes way for the draft
        assert shown(on_disk) == "third"
    assert leftovers(on_disk) == []


def test_a_disk_that_is_full_at_the_checkpoint_is_told_in_one_sentence(
    path: Path, small_disk: Callable[[int], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """The engine of the draft is dead by then; the connection pool is not to print a traceback of that."""
    disk = small_disk(versions(path)[-1].stat().st_size * 2 // 1024 + 1024)
    on_disk = disk / path.name
    shutil.copyfile(path, on_disk)
    filler = disk / "filler"

    def fill_the_disk(draft: Draft) -> None:
        with raw_connection(draft.write()) as con:
            con.execute("SET wal_autocheckpoint = '1GB'")
            con.execute("CREATE TABLE large AS SELECT hash(i) AS n FROM range(40_000) AS r(i)")
        filler.write_bytes(b"0" * (shutil.disk_usage(disk).free - 8192))

    with pytest.raises(EnvironmentRefusal, match=r"is full .* Free some space"), door(on_disk) as draft:
        fill_the_disk(draft)
    assert [record.getMessage() for record in caplog.records] == []
    filler.unlink()
    assert shown(on_disk) == "first"
    assert leftovers(on_disk) == []


@pytest.mark.parametrize("step", ["sync", "_make_link", "_put_in_place", "remove_old_versions"])
def test_a_publication_that_the_disk_refuses_leaves_the_old_or_the_new(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    usage = namedtuple("usage", "total used free")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"warehouse.file.versions.{step}", refuse)
        patch.setattr("warehouse.file.connect.shutil.disk_usage", lambda _: usage(10**9, 10**9, 10**6))
        with pytest.raises(EnvironmentRefusal, match="is full"):
            publish(path, "second")
    assert shown(path) == ("first" if step in {"sync", "_make_link"} else "second")
    publish(path, "third")
    assert shown(path) == shown_elsewhere(path) == "third"
    assert leftovers(path) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_can_be_read_and_not_written(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        assert shown(path) == "first"
        with pytest.raises(EnvironmentRefusal, match="cannot be written"):
            publish(path, "second")
    finally:
        path.parent.chmod(0o700)


def test_missing_rights_are_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root may do everything, the file system's answer is made up."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("warehouse.file.draft.copy_file", refuse)
    monkeypatch.setattr("warehouse.file.connect.os.access", lambda *_: False)
    with pytest.raises(EnvironmentRefusal, match="is read-only"):
        publish(path, "second")
    assert shown(path) == "first"


def test_an_old_version_that_cannot_be_removed_stays_until_it_can(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows refuses while a reader has it open."""
    real = Path.unlink

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        if self.name == "warehouse.1.duckdb":
            raise PermissionError(errno.EACCES, "in use")
        real(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        publish(path, "second")
        publish(path, "third")
        assert [version.name.split(".")[1] for version in versions(path)] == ["1", "2", "3"]
    publish(path, "fourth")
    assert [version.name.split(".")[1] for version in versions(path)] == ["3", "4"]


# -- the copy -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["as it comes", "kernel", "across disks", "no kernel"])
def test_a_copy_has_the_bytes_of_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    if way != "as it comes":
        monkeypatch.setattr(file_copy, "_share_blocks", lambda *_: False)
    if way == "across disks":
        monkeypatch.setattr("os.copy_file_range", refuse)
    if way == "no kernel":
        monkeypatch.setattr(file_copy.sys, "platform", "darwin")
    monkeypatch.setattr(file_copy, "CHUNK_BYTES", 100_000)
    for size in (0, 1, 1_234_567):
        source, target = tmp_path / f"{size}", tmp_path / f"{size} copied"
        source.write_bytes(random.Random(size).randbytes(size))  # noqa: S311
        source.chmod(0o640)
        file_copy.copy_file(source, target)
        assert target.read_bytes() == source.read_bytes()
        assert target.stat().st_mode == source.stat().st_mode


def test_a_copy_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        file_copy.copy_file(tmp_path / "a", tmp_path / "b")


def test_numbers_are_compared_as_numbers_and_other_names_are_nobody(tmp_path: Path) -> None:
    path = tmp_path / "ware[h]ouse.duckdb"
    assert newest_version(path) is None
    for name in ("ware[h]ouse.9.duckdb", "ware[h]ouse.10.duckdb", "ware[h]ouse.x.duckdb", "ware[h]ouse.011.duckdb"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "warehouse.99.duckdb").write_bytes(b"")
    assert newest_version(path) == tmp_path / "ware[h]ouse.10.duckdb"
    (tmp_path / "draft").write_bytes(b"")
    assert publish_file(tmp_path / "draft", path).name == "ware[h]ouse.11.duckdb"
