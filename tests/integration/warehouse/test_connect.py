"""Opening the warehouse: one configuration, results that last, and failures told apart."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections import namedtuple
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from support.warehouse_rows import publish_by_hand

from warehouse.errors import BusyError, EnvironmentRefusal, NotFoundError
from warehouse.file.connect import open_for_expectations, open_warehouse, raw_connection
from warehouse.reading.query import run_query

HOLD = """
import sys
from pathlib import Path
from warehouse.file.connect import open_warehouse, raw_connection
engine = open_warehouse(Path(sys.argv[1]), read_only=sys.argv[2] == "read")
with raw_connection(engine) as con:
    {work}
    print("held", flush=True)
    sys.stdin.read()
"""


def _hold(path: Path, how: str, work: str = "pass") -> subprocess.Popen[str]:
    """Start a process that holds the warehouse until its standard input is closed or it is killed."""
    program = textwrap.dedent(HOLD).format(work=work)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate("")


def test_a_writer_in_the_way_is_named(warehouse_path: Path) -> None:
    writer = _hold(warehouse_path, "write")
    with pytest.raises(BusyError, match=rf"is held by 'python\S*' \(process {writer.pid}\)\. Wait until it has ended"):
        run_query(warehouse_path, "SELECT 1")
    _end(writer)
    assert run_query(warehouse_path, "SELECT 1").rows == ((1,),)


def _damage(path: Path, first: int, last: int) -> None:
    content = bytearray(path.read_bytes())
    content[first:last] = bytes(byte ^ 0xFF for byte in content[first:last])
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("first", "last"),
    [(100, 104), (4096, 12288), (12288, None), (20_000, None)],
    ids=["head", "heads", "all", "blocks"],
)
def test_a_damaged_warehouse_is_told_with_what_to_restore(warehouse_path: Path, first: int, last: int | None) -> None:
    _damage(warehouse_path, first, last or len(warehouse_path.read_bytes()))
    said = rf"^The warehouse file {warehouse_path} is damaged \(.*\)\. Move it away and put a backup of it"
    with pytest.raises(EnvironmentRefusal, match=said):
        run_query(warehouse_path, "SELECT count(*), max(description) FROM reference.study_option")


def test_a_cut_warehouse_is_told(warehouse_path: Path) -> None:
    warehouse_path.write_bytes(warehouse_path.read_bytes()[: 3 * 262_144])
    with pytest.raises(EnvironmentRefusal, match="is damaged"):
        run_query(warehouse_path, "SELECT count(*), max(description) FROM reference.study_option")


def test_the_version_before_a_damaged_one_is_named_and_takes_its_place(warehouse_path: Path) -> None:
    first, second = (warehouse_path.with_name(f"warehouse.{number}.duckdb") for number in (9, 10))
    shutil.copy(warehouse_path, first)
    warehouse_path.rename(second)
    _damage(second, 4096, 12288)
    with pytest.raises(
        EnvironmentRefusal, match=rf"{second} is damaged .*the version before it, {first.name}, is then"
    ):
        run_query(warehouse_path, "SELECT 1")
    with pytest.raises(EnvironmentRefusal, match="is damaged"):
        open_warehouse(second, make=False)
    second.unlink()
    assert run_query(warehouse_path, "SELECT 1").rows == ((1,),)


def test_a_reader_in_the_way_is_named(warehouse_path: Path) -> None:
    reader = _hold(warehouse_path, "read")
    with pytest.raises(BusyError, match=rf"\(process {reader.pid}\)"):
        open_warehouse(warehouse_path)
    assert run_query(warehouse_path, "SELECT 1").rows == ((1,),), "readers do not disturb one another"
    _end(reader)
    open_warehouse(warehouse_path).dispose()


def test_a_killed_writer_leaves_what_was_committed(warehouse_path: Path) -> None:
    work = """con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('snuh', 'kept')")
    con.begin()
    con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('amc', 'lost')")"""
    writer = _hold(warehouse_path, "write", work)
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    assert run_query(warehouse_path, "SELECT hospital FROM audit.site").rows == (("kept",),)
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        assert con.execute("SELECT hospital FROM audit.site").fetchall() == [("kept",)]
    engine.dispose()


def test_a_missing_warehouse_says_what_to_do(tmp_path: Path) -> None:
    for options in ({"read_only": True}, {"make": False}):
        with pytest.raises(NotFoundError, match=r"There is no warehouse yet .*Run 'make ingest SITE=snuh' first\."):
            open_warehouse(tmp_path / "no" / "warehouse.duckdb", **options)
    assert list(tmp_path.iterdir()) == []


def test_another_file_under_its_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("환자번호,성별\n" * 100, encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="is not a DuckDB database"):
        open_warehouse(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="for the warehouse cannot be made"):
        open_warehouse(tmp_path / "data" / "warehouse.duckdb")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    with pytest.raises(EnvironmentRefusal, match="is read-only"):
        open_warehouse(folder / "warehouse.duckdb")


def test_a_folder_that_turns_read_only_is_told(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_warehouse(warehouse_path)
    monkeypatch.setattr("warehouse.file.connect.os.access", lambda *_: False)
    with pytest.raises(EnvironmentRefusal, match="is read-only"), raw_connection(engine):
        raise OSError(errno.EROFS, "Read-only file system")
    engine.dispose()


def test_a_full_disk_is_told_as_that(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    engine = open_warehouse(warehouse_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 3 * 1024**2))
    with pytest.raises(EnvironmentRefusal, match=r"is full \(3 MB free\)\. Free some space"), raw_connection(engine):
        raise duckdb.IOException("whatever the message says")
    with pytest.raises(duckdb.BinderException), raw_connection(engine) as con:
        con.execute("SELECT no_such_column")
    engine.dispose()


def test_a_write_that_the_disk_refuses_loses_only_itself(warehouse_path: Path) -> None:
    """A file-size limit refuses the write as a full disk would."""
    program = """
    import resource, sys
    from pathlib import Path
    from warehouse.errors import EnvironmentRefusal
    from warehouse.file.connect import open_warehouse, raw_connection
    path = Path(sys.argv[1])
    engine = open_warehouse(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 1_000_000,) * 2)
    try:
        with raw_connection(engine) as con:
            con.execute("CREATE TABLE core.large AS SELECT range, hash(range) AS h FROM range(5_000_000)")
            con.execute("CHECKPOINT")
    except EnvironmentRefusal as error:
        print(error)
    import os
    sys.stdout.flush()
    os._exit(0)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(warehouse_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("The file grew larger than is allowed. Raise the limit")
    assert run_query(warehouse_path, "SELECT count(*) > 0 FROM reference.code").rows == ((True,),)


def test_a_transaction_left_open_is_rolled_back(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        con.begin()
        con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('snuh', '')")
    with raw_connection(engine) as con:
        assert con.execute("SELECT * FROM audit.site").fetchall() == []
    engine.dispose()


def test_expectations_read_results_after_their_connection_went_back(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
    by_url = sa.create_engine(open_for_expectations(engine).url.render_as_string())
    for expectations in (open_for_expectations(engine), by_url):
        connection = expectations.connect()
        result = connection.execute(sa.text("SELECT patient_id FROM current.patient")).cursor
        connection.rollback()
        assert result.fetchall() == [("a",)]
        connection.close()
        expectations.dispose()
    engine.dispose()


def test_two_engines_of_one_process_share_the_file(warehouse_path: Path) -> None:
    first, second = open_warehouse(warehouse_path), open_warehouse(warehouse_path)
    with raw_connection(first) as con:
        con.execute("INSERT INTO audit.site (site_id, hospital) VALUES ('snuh', '')")
    with raw_connection(second) as con:
        assert con.execute("SELECT site_id FROM audit.site").fetchall() == [("snuh",)]
    first.dispose()
    second.dispose()


def test_a_short_file_of_another_kind_stays_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("somebody's notes, not a database", encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="is not a DuckDB database"):
        open_warehouse(path)
    assert path.read_text(encoding="utf-8").startswith("somebody")
