"""Quotas, full disks and broken drives are one sentence wherever they strike; a log next to a version is refused."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.small_site import SITE, settings_in, write_delivery
from support.warehouse_door import door, versions

from etl.cli import run
from warehouse.errors import EnvironmentRefusal
from warehouse.file.connect import explained_damage, explained_failure, open_warehouse, raw_connection
from warehouse.file.machine_faults import MACHINE_FAULTS, explain_machine_fault
from warehouse.reading.query import run_query

FAULTS = {
    errno.ENOSPC: "No space left on device|The disk is full",
    errno.EDQUOT: "Disk quota exceeded|The disk quota is used up",
    errno.EIO: "Input/output error|The disk reported an error",
    errno.EROFS: "Read-only file system|The file system is read-only",
}
WRITERS = {
    "landing": "etl.landing.land.put_folder",
    "landing, its rows": "etl.landing.land.write_rows",
    "the first key": "etl.identity.key.whole_file",
    "the draft": "warehouse.file.draft.copy_file",
    "the version": "warehouse.file.versions.sync",
    "the name for people": "warehouse.file.versions._make_link",
    "the report": "etl.report.load.write.write_whole",
    "a sync": "warehouse.file.whole_file.sync",
}
EACH_ONCE = [(number, writer) for number, writer in zip([*FAULTS] * 2, WRITERS, strict=True)]
ALL = [(number, writer) for number in FAULTS for writer in WRITERS if (number, writer) not in EACH_ONCE]


@pytest.mark.parametrize(
    ("number", "writer"), [*EACH_ONCE, *(pytest.param(*each, marks=pytest.mark.slow) for each in ALL)]
)
def test_a_fault_of_the_machine_is_one_sentence_in_every_writer(
    number: int, writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path)
    write_delivery(settings, "2016-04")
    for name in ("data_dir", "reports_dir", "mappings_dir"):
        monkeypatch.setenv(f"HCC_{name.upper()}", str(getattr(settings, name)))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), "a file")

    monkeypatch.setattr(WRITERS[writer], fail)
    code = run(["ingest", SITE])
    said = capsys.readouterr().err
    assert code == EnvironmentRefusal.exit_code, said
    assert "Traceback" not in said
    assert any(words in " ".join(said.split()) for words in FAULTS[number].split("|")), said
    is_shared = FAULTS[number].split("|")[1] in " ".join(said.split())  # others have a sentence of their own
    if writer != "the draft":  # there the record of the attempt fails, too, and its sentence is the one that is shown
        assert ("Nothing was published." in " ".join(said.split())) == (is_shared and writer != "the report"), said
    monkeypatch.undo()
    loads = run_query(settings.warehouse_path, "SELECT count(*) FROM audit.load WHERE state = 'published'").rows
    assert loads == ((int(writer == "the report"),),)


@pytest.mark.parametrize("number", FAULTS)
def test_what_duckdb_says_of_the_machine_is_told(number: int, tmp_path: Path) -> None:
    message = f'IO Error: Could not write file "{tmp_path}/w.1.duckdb": {os.strerror(number)}'
    sentence = FAULTS[number].split("|")[1]
    for explained in (explained_failure, explained_damage):
        with pytest.raises(EnvironmentRefusal, match=sentence), explained(tmp_path / "w.1.duckdb"):
            raise duckdb.IOException(message)


@pytest.mark.parametrize(
    "error", [ValueError("x: Input/output error x"), OSError(errno.EINVAL, "x"), duckdb.IOException("x")]
)
def test_another_error_is_no_fault_of_the_machine(error: Exception) -> None:
    assert explain_machine_fault(error) is None


@pytest.mark.parametrize("number", MACHINE_FAULTS)
def test_what_every_command_says_claims_nothing_about_publication(number: int) -> None:
    assert "published" not in str(explain_machine_fault(OSError(number, "x")))


def test_a_file_that_is_too_large_needs_no_free_space() -> None:
    sentence = str(explain_machine_fault(OSError(errno.EFBIG, "x")))
    assert "ulimit -f" in sentence
    assert "Free some space" not in sentence


LEAVE_A_LOG = """if True:
    import duckdb, os, signal, sys
    con = duckdb.connect(sys.argv[1])
    con.execute("INSERT INTO t SELECT range FROM range(5)")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def with_log(tmp_path: Path) -> Path:
    """A published version that another program has begun to change."""
    path = tmp_path / "warehouse.duckdb"
    with door(path) as draft, raw_connection(draft.write()) as con:
        con.execute("CREATE TABLE t AS SELECT range AS n FROM range(10)")
    done = subprocess.run([sys.executable, "-c", LEAVE_A_LOG, str(versions(path)[-1])], check=False)
    assert done.returncode == -signal.SIGKILL
    return path


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_log_next_to_a_version_is_refused_whole_or_cut(with_log: Path, share: float) -> None:
    """A cut log is read by DuckDB without an error, and the rows at its end are not there."""
    version = versions(with_log)[-1]
    log = version.with_name(f"{version.name}.wal")
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * share)])
    sentence = rf"Next to the warehouse file .*{version.name} lies {log.name}.* Delete the log .* run CHECKPOINT\."
    with pytest.raises(EnvironmentRefusal, match=sentence):
        open_warehouse(with_log, read_only=True)
    with pytest.raises(EnvironmentRefusal, match=sentence), door(with_log) as draft:
        draft.write()
    assert log.exists(), "what it holds is not ours to throw away"
    assert versions(with_log) == [version]


def test_without_the_log_the_version_is_whole(with_log: Path) -> None:
    version = versions(with_log)[-1]
    version.with_name(f"{version.name}.wal").unlink()
    engine = open_warehouse(with_log, read_only=True)
    with raw_connection(engine) as con:
        assert con.execute("SELECT count(*) FROM t").fetchone() == (10,)
    engine.dispose()


def test_after_a_checkpoint_the_changes_are_in(with_log: Path) -> None:
    with duckdb.connect(str(versions(with_log)[-1])) as con:
        con.execute("CHECKPOINT")
    engine = open_warehouse(with_log, read_only=True)
    with raw_connection(engine) as con:
        assert con.execute("SELECT count(*) FROM t").fetchone() == (15,)
    engine.dispose()


def test_an_empty_log_is_none(with_log: Path) -> None:
    version = versions(with_log)[-1]
    version.with_name(f"{version.name}.wal").write_bytes(b"")
    open_warehouse(with_log, read_only=True).dispose()
    shutil.rmtree(with_log.parent)
