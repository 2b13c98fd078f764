"""Frozen data: every byte is accounted for, every touch is found, every number comes back."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from support.drawn_warehouse import make_drawn_warehouse
from support.frozen_case import PATIENTS, SITES, STUDY, copy_frozen_case, write_studies
from support.study_warehouse import StudyWarehouse, set_option

from etl.study.definition.load import load_studies
from etl.study.definition.read_study import Definition, read_study
from etl.study.freeze.folder import frozen_folder
from etl.study.freeze.inputs import find_inputs
from etl.study.freeze.manifest import MANIFEST, check_frozen, hash_file, read_seal, write_manifest
from etl.study.freeze.open_frozen import open_frozen
from etl.study.freeze.results import compare_results
from etl.study.freeze.write import freeze
from warehouse.errors import EnvironmentRefusal, NotFoundError, RefusedError, ViewError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.views.refresh import View, is_refreshed, order_views, read_views, refresh

COHORT = "data/analysis.cohort.parquet"
RESULT = "SELECT * EXCLUDE (raw_value) FROM analysis.result WHERE study_id = ? ORDER BY ALL"
"""Every result but its number, which `compare_results` compares in 10 significant digits."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with its study, and its frozen data; only to be read."""
    folder = tmp_path_factory.mktemp("kept")
    engine = open_warehouse(copy_frozen_case(folder), read_only=True)
    with raw_connection(engine) as con:
        freeze(con, read_study(folder / "studies", "small"), folder=folder / "data" / "frozen" / "first")
    engine.dispose()
    return folder


@pytest.fixture
def frozen(kept: Path, tmp_path: Path) -> Path:
    """A copy of the frozen data, to be touched."""
    return Path(shutil.copytree(kept / "data" / "frozen" / "first", tmp_path / "copy"))


@pytest.fixture
def case(tmp_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Definition]]:
    """A warehouse and its study, to be changed."""
    engine = open_warehouse(copy_frozen_case(tmp_path))
    with raw_connection(engine) as con:
        yield con, read_study(tmp_path / "studies", "small")
    engine.dispose()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_inputs_are_what_studies_read_and_no_study_changes() -> None:
    inputs = find_inputs()
    assert {"analysis.cohort", "analysis.onset", "analysis.patient_flow", "clinical_step.study_number"} <= set(
        inputs.given
    )
    assert not [name for name in inputs.given if name.startswith(("analysis.table_", "analysis_step.study_value"))]
    assert {"audit.site", "audit.load", "reference.study_option"} <= set(inputs.others)
    assert not [name for name in inputs.others if name.startswith(("study.", "reference.study_v", "core", '"current'))]


def test_a_view_that_reads_patients_and_studies_alike_cannot_be_frozen() -> None:
    bad = View(
        "analysis.bad",
        Path("analysis/bad.sql"),
        "",
        reads=frozenset(),
        reads_of_others=frozenset({"reference.study_variable", '"current".patient'}),
        comment="",
        column_comments={},
    )
    with pytest.raises(ViewError, match=r'bad\.sql: it reads "current"\.patient and a study'):
        find_inputs((*read_views(), bad))


def test_what_was_just_frozen_is_untouched_and_its_owners_alone(kept: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    assert check_frozen(folder) == []
    assert {path.name for path in folder.parent.iterdir()} == {"first", ".lock"}
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
    found = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", MANIFEST], cwd=folder, check=False)
    assert found.returncode == 0
    listed = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    assert len(listed) == len(files(folder)) - 1


def test_two_freezes_of_one_state_have_the_same_bytes(kept: Path) -> None:
    for threads in (1, 2):
        engine = open_warehouse(kept / "data" / "warehouse.duckdb", read_only=True, threads=threads)
        again = kept / "data" / f"again-{threads}" / "second"
        with raw_connection(engine) as con:
            freeze(con, read_study(kept / "studies", "small"), folder=again)
        engine.dispose()
        assert files(again) == files(kept / "data" / "frozen" / "first")
        assert read_seal(again) == read_seal(kept / "data" / "frozen" / "first")


def test_changed_data_have_another_seal(case: tuple[duckdb.DuckDBPyConnection, Definition], kept: Path) -> None:
    con, definition = case
    con.execute("UPDATE analysis.cohort SET os_days = os_days + 1 WHERE patient_id = 'hill000'")
    folder = freeze(con, definition, folder=definition.path.parent / "frozen")
    assert read_seal(folder) != read_seal(kept / "data" / "frozen" / "first")


def test_every_table_comes_back_as_it_was(kept: Path) -> None:
    source = str(kept / "data" / "warehouse.duckdb")
    with open_frozen(kept / "data" / "frozen" / "first") as (con, definition):
        assert definition.name == "small"
        con.execute(f"ATTACH '{source}' AS source (READ_ONLY)")
        inputs = find_inputs()
        for table in inputs.given:
            described = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE database_name = {} AND "
            described += f"schema_name || '.' || table_name = '{table}' ORDER BY column_index"
            assert con.execute(described.format("'source'")).fetchall() == (
                con.execute(described.format("current_database()")).fetchall()
            )
        # Sums of floating numbers differ in their last bit with the order of rows: see the results, in the next test.
        exact = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE database_name = current_database() "
            "AND schema_name IN ('analysis', 'analysis_step', 'clinical', 'clinical_step', 'reference') "
            "GROUP BY ALL HAVING count(*) FILTER (data_type = 'DOUBLE') = 0"
        ).fetchall()
        compared = sorted({name for (name,) in exact} - reading_results() | set(inputs.given))
        assert {"analysis.study_member", "analysis_step.study_group", "reference.study_row", *inputs.given} <= set(
            compared
        )
        for table in compared:
            for one, other in ((f"source.{table}", table), (table, f"source.{table}")):
                assert con.execute(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}").fetchall() == [], table
        keys = con.execute("SELECT count(*), count(key_fingerprint) FROM audit.site").fetchone()
        assert keys == (len(SITES), 0)
        assert not is_refreshed(con)


def reading_results() -> set[str]:
    """Name the views that are whole only when the statistics were computed."""
    found: set[str] = set()
    for view in order_views(read_views()):
        if view.reads & found or any(name.startswith("study.") for name in view.reads_of_others):
            found.add(view.name)
    return found


def test_every_result_comes_back(kept: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    with duckdb.connect(str(kept / "data" / "warehouse.duckdb"), read_only=True) as source:
        expected = source.execute(RESULT, ["small"]).fetchall()
    with open_frozen(folder) as (con, definition):
        missing = compare_results(con, "small", folder=folder)
        assert any("model.survival" in line and line.endswith("missing.") for line in missing)
        StudyWarehouse(con, definition).compute()
        assert con.execute(RESULT, ["small"]).fetchall() == expected
        assert len(expected) > 100
        assert compare_results(con, "small", folder=folder) == []
        con.execute("UPDATE analysis.result SET raw_value = raw_value * (1 + 1e-12)")
        assert compare_results(con, "small", folder=folder) == []
        name = expected[0][0]
        con.execute("UPDATE analysis.result SET raw_value = 7.25 WHERE result_id = ?", [name])
        (line,) = compare_results(con, "small", folder=folder)
        assert line.startswith(f"{name}: 7.25")


def test_the_throw_away_warehouse_is_thrown_away(kept: Path, tmp_path: Path) -> None:
    with open_frozen(kept / "data" / "frozen" / "first", scratch_dir=tmp_path):
        (scratch,) = tmp_path.iterdir()
        assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


def test_a_changed_byte_is_found_in_every_file(frozen: Path) -> None:
    for name, content in files(frozen).items():
        if name == MANIFEST:
            continue
        path = frozen / name
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        path.write_bytes(changed)
        (sentence,) = check_frozen(frozen)
        assert sentence.startswith(f"{name}: the file was changed")
        assert hash_file(path) in sentence
        path.write_bytes(content)
    assert check_frozen(frozen) == []


def test_a_removed_an_added_and_a_renamed_file_are_found(frozen: Path) -> None:
    digest = hash_file(frozen / COHORT)
    (frozen / COHORT).rename(frozen / "data" / "cohort.parquet")
    assert check_frozen(frozen) == [
        f"{COHORT}: the file is missing; its SHA-256 was {digest}.",
        f"data/cohort.parquet: the file was added; {MANIFEST} does not list it.",
    ]
    (frozen / "data" / "cohort.parquet").unlink()
    assert check_frozen(frozen) == [f"{COHORT}: the file is missing; its SHA-256 was {digest}."]


def test_a_hidden_file_and_a_link_are_found(frozen: Path, tmp_path: Path) -> None:
    (frozen / ".DS_Store").write_bytes(b"")
    (frozen / COHORT).rename(tmp_path / "elsewhere.parquet")
    (frozen / COHORT).symlink_to(tmp_path / "elsewhere.parquet")
    assert check_frozen(frozen) == [
        f".DS_Store: the file was added; {MANIFEST} does not list it.",
        f"{COHORT}: the file was replaced by a link.",
    ]


def test_a_pipe_in_place_of_a_file_is_found_and_never_read(frozen: Path) -> None:
    (frozen / COHORT).unlink()
    os.mkfifo(frozen / COHORT)
    assert check_frozen(frozen) == [f"{COHORT}: the file was replaced by something that is no file."]


def test_parquet_written_again_with_the_same_rows_is_found(frozen: Path) -> None:
    rows = pq.read_table(frozen / COHORT)  # type: ignore[no-untyped-call]
    pq.write_table(rows, frozen / COHORT, compression="zstd", row_group_size=10)  # type: ignore[no-untyped-call]
    assert pq.read_table(frozen / COHORT).equals(rows)  # type: ignore[no-untyped-call]
    (sentence,) = check_frozen(frozen)
    assert sentence.startswith(f"{COHORT}: the file was changed")


def test_a_manifest_that_was_removed_damaged_or_emptied_is_found(frozen: Path) -> None:
    text = (frozen / MANIFEST).read_text(encoding="utf-8")
    for damaged, expected in (
        (text.replace("  README.txt", " README.txt"), "is not one hash and one new path"),
        (text + text.splitlines()[0] + "\n", "is not one hash and one new path"),
        ("", "the file was added"),
    ):
        (frozen / MANIFEST).write_text(damaged, encoding="utf-8")
        assert any(expected in sentence for sentence in check_frozen(frozen))
    (frozen / MANIFEST).unlink()
    assert check_frozen(frozen)[0] == f"{MANIFEST}: the file is missing; without it nothing can be checked."


def test_a_change_with_its_hash_changes_the_seal(frozen: Path) -> None:
    seal = read_seal(frozen)
    (frozen / "options.csv").write_text("name,value\n", encoding="utf-8")
    (frozen / MANIFEST).unlink()
    write_manifest(frozen)
    assert check_frozen(frozen) == []
    assert read_seal(frozen) != seal


def test_nothing_is_computed_from_touched_data(frozen: Path) -> None:
    (frozen / "options.csv").write_text("name,value\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"was touched, so nothing is computed from it\. options\.csv: "):
        open_frozen(frozen).__enter__()


def test_data_frozen_by_another_version_are_refused_with_its_version(frozen: Path) -> None:
    codebook = frozen / "codebook.csv"
    text = codebook.read_text(encoding="utf-8")
    for changed, reason in (
        (re.sub(r"(?m)^analysis\.onset,.*\n", "", text), "it holds no analysis.onset"),
        (re.sub(r"(?m)^analysis\.onset,\d+,kind,.*\n", "", text), "they differ in kind"),
    ):
        codebook.write_text(changed, encoding="utf-8")
        (frozen / MANIFEST).unlink()
        write_manifest(frozen)
        with pytest.raises(
            RefusedError, match=rf"does not fit this version of the program: .*{reason}.*versions\.json"
        ):
            open_frozen(frozen).__enter__()


def test_what_is_not_there_is_named(kept: Path) -> None:
    missing = kept / "data" / "frozen" / "second"
    with pytest.raises(NotFoundError, match=r"second\. Known: first\."):
        check_frozen(missing)
    with pytest.raises(NotFoundError, match="no frozen data set"):
        read_seal(missing)


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a/b", ".a", "-a", "a" * 61, "가"])
def test_a_name_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedError, match="cannot name a frozen data set"):
        frozen_folder(tmp_path, name)


def test_an_existing_name_is_refused(kept: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    before = files(folder)
    engine = open_warehouse(kept / "data" / "warehouse.duckdb", read_only=True)
    with raw_connection(engine) as con, pytest.raises(RefusedError, match="already, and it is never overwritten"):
        freeze(con, read_study(kept / "studies", "small"), folder=folder)
    engine.dispose()
    assert files(folder) == before


def test_a_folder_that_cannot_be_written_is_refused(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    engine = open_warehouse(kept / "data" / "warehouse.duckdb", read_only=True)
    with raw_connection(engine) as con, pytest.raises(EnvironmentRefusal, match="it cannot be written"):
        freeze(con, read_study(kept / "studies", "small"), folder=tmp_path / "file" / "first")
    engine.dispose()


def test_what_does_not_belong_together_is_refused(case: tuple[duckdb.DuckDBPyConnection, Definition]) -> None:
    con, definition = case
    studies = definition.path.parent
    folder = studies / "frozen"

    def refused(of: Definition = definition) -> str:
        with pytest.raises(RefusedError, match=r"present results of the study .* Run 'make study' first\.") as caught:
            freeze(con, of, folder=folder)
        assert not folder.exists()
        return str(caught.value)

    other = studies / "other"
    write_studies(other)
    (other / "small.yaml").write_text(STUDY.replace("A small study", "Another study"), encoding="utf-8")
    assert "the study file was changed since" in refused(read_study(other, "small"))
    (other / "new.yaml").write_text(STUDY.replace("study: small", "study: new"), encoding="utf-8")
    assert "the study was not loaded" in refused(read_study(other, "new"))
    with transaction(con):
        set_option(con, "long_term_months", "36")
        refresh(con)
    assert "its statistics were not computed, or from other data, options" in refused()
    set_option(con, "long_term_months", "48")
    assert "built from other data" in refused()  # options.csv would hold what nothing was computed from
    set_option(con, "long_term_months", "36")
    con.execute("UPDATE audit.derived SET fingerprint = 'older' WHERE part = 'upgrade'")
    assert "built from other data or by another version" in refused()


def test_a_withdrawn_load_makes_the_views_stale(case: tuple[duckdb.DuckDBPyConnection, Definition]) -> None:
    con, definition = case
    con.execute("UPDATE audit.site SET current_load_id = NULL WHERE site_id = 'hill'")
    with pytest.raises(RefusedError, match="built from other data"):
        freeze(con, definition, folder=definition.path.parent / "frozen")


def test_synthetic_data_say_so_and_real_data_do_not(kept: Path, tmp_path: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    assert (folder / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC: ")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["synthetic"] is True
    assert package["description"].startswith("SYNTHETIC: ")
    engine = open_warehouse(copy_frozen_case(tmp_path, is_synthetic=False), read_only=True)
    with raw_connection(engine) as con:
        real = freeze(con, read_study(tmp_path / "studies", "small"), folder=tmp_path / "frozen")
    engine.dispose()
    assert "SYNTHETIC" not in (real / "README.txt").read_text(encoding="utf-8")
    assert json.loads((real / "datapackage.json").read_text(encoding="utf-8"))["synthetic"] is False


def test_the_codebook_has_every_column_code_and_level(kept: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    codebook = (folder / "codebook.csv").read_text(encoding="utf-8").splitlines()
    assert "analysis.cohort,6,sex,VARCHAR,,sex,Sex at birth as recorded. Code list: sex." in codebook
    assert any(line.startswith("analysis.cohort,") and ",os_days,BIGINT,days,," in line for line in codebook)
    assert [line for line in codebook[1:] if line.endswith(",")] == [], "a column without a meaning"
    codes = (folder / "code_lists.csv").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("sex,male,Male,남") for line in codes)
    variables = (folder / "variables.csv").read_text(encoding="utf-8").splitlines()
    assert "sex,Sex,성별,sex,,1,1,male,male,male,male" in variables
    assert "age_class,Age class,Age class,age_years,,1,2,older,older,older,from 60" in variables
    page = (folder / "codebook.md").read_text(encoding="utf-8")
    for table in find_inputs().given:
        assert f"## {table}\n" in page
    field = pq.read_schema(folder / COHORT).field("sex")  # type: ignore[no-untyped-call]
    assert field.metadata[b"comment"] == b"Sex at birth as recorded. Code list: sex."


def test_the_books_of_the_loads_and_versions_are_frozen(kept: Path) -> None:
    folder = kept / "data" / "frozen" / "first"
    loads = (folder / "loads.csv").read_text(encoding="utf-8").splitlines()
    assert len(loads) == 1 + len(SITES)
    assert (
        f"hill,Hospital hill,1,2026-11,True,fingerprint of hill 2026-11,{'0' * 64},1,0.1.0,all.csv,,{'0' * 64},1,1"
        in loads
    )
    versions = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    assert versions["libraries"]["duckdb"] == duckdb.__version__
    assert versions["definition_sha256"] == read_study(kept / "studies", "small").sha256
    assert "long_term_months,24," in (folder / "options.csv").read_text(encoding="utf-8")
    assert pq.read_metadata(folder / COHORT).num_rows == PATIENTS * len(SITES)  # type: ignore[no-untyped-call]


@pytest.mark.slow
def test_frictionless_accepts_the_package_until_a_byte_is_changed(frozen: Path) -> None:
    assert frictionless(frozen) == {}
    path = frozen / "data" / "analysis.onset.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    options = frozen / "options.csv"
    options.write_bytes(options.read_bytes().replace(b"24", b"25", 1))
    found = frictionless(frozen)
    assert "hash-count" in found["data-analysis.onset.parquet"]
    assert "hash-count" in found["options.csv"]


def frictionless(folder: Path) -> dict[str, list[str]]:
    """Validate the package; name the kinds of errors by resource."""
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    found = {task["name"]: [error["type"] for error in task["errors"]] for task in answer["tasks"] if task["errors"]}
    assert answer["errors"] == []
    assert len(answer["tasks"]) > 20
    assert answer["valid"] == (done.returncode == 0) == (not found)
    return found


KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
from etl.study.definition.read_study import read_study
from etl.study.freeze.write import freeze
from warehouse.file.connect import open_warehouse, raw_connection

folder, module, name = Path(sys.argv[1]), import_module(sys.argv[2]), sys.argv[3]
setattr(module, name, lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL))
with raw_connection(open_warehouse(folder / "data" / "warehouse.duckdb", read_only=True)) as con:
    freeze(con, read_study(folder / "studies", "small"), folder=folder / "data" / "frozen" / "first")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("etl.study.freeze.write", "write_codebook"),
        ("etl.study.freeze.write", "write_manifest"),
        ("warehouse.file.whole_file", "sync"),
    ],
)
def test_a_kill_leaves_nothing_under_the_final_name(tmp_path: Path, module: str, name: str) -> None:
    path = copy_frozen_case(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), module, name],
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert done.returncode == -signal.SIGKILL
    frozen_dir = path.parent / "frozen"
    assert {each.name for each in frozen_dir.iterdir()} == {".lock", ".draft-first"}
    engine = open_warehouse(path, read_only=True)
    with raw_connection(engine) as con:
        freeze(con, read_study(tmp_path / "studies", "small"), folder=frozen_dir / "second")
    engine.dispose()
    assert {each.name for each in frozen_dir.iterdir()} == {".lock", "second"}
    assert check_frozen(frozen_dir / "second") == []


@pytest.mark.slow
def test_the_published_study_comes_back_number_by_number(tmp_path: Path) -> None:
    """The whole cohort and the whole study file, but for the bootstrap and the imputations."""
    path = tmp_path / "warehouse.duckdb"
    make_drawn_warehouse(path)
    studies = Path(shutil.copytree("studies", tmp_path / "studies"))
    text = (studies / "sorafenib.yaml").read_text(encoding="utf-8")
    (studies / "sorafenib.yaml").write_text(text[: text.index("\nsensitivity:")] + "\n", encoding="utf-8")
    engine = open_warehouse(path)
    with raw_connection(engine) as con:
        with transaction(con):
            load_studies(con, studies)
            refresh(con)
        definition = read_study(studies, "sorafenib")
        StudyWarehouse(con, definition).compute()
        folder = freeze(con, definition, folder=tmp_path / "frozen" / "first")
        again = freeze(con, definition, folder=tmp_path / "frozen" / "second")
        expected = con.execute(RESULT, ["sorafenib"]).fetchall()
    engine.dispose()
    assert files(folder) == files(again)
    with open_frozen(folder) as (con, frozen_definition):
        assert frozen_definition.sha256 == definition.sha256
        StudyWarehouse(con, frozen_definition).compute()
        assert con.execute(RESULT, ["sorafenib"]).fetchall() == expected
        assert len(expected) > 3000
        assert compare_results(con, "sorafenib", folder=folder) == []
