"""A search through every file that a run leaves: no name, no registration number, nothing that was planted is in any.

Columns are decoded before they are searched, because compression would hide a name from a search through bytes.
"""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from support.identity_search import let_through, search, texts_in

from etl.synthetic.synthesize import synthesize

HCC = Path(sys.executable).with_name("hcc")
IDENTITY_COLUMNS = ("연구등록번호", "환자성명", "주치의")

PLANTED = {
    "resident number": ("800101-1234567", "환자 주민번호 800101-1234567 확인함"),
    "resident number in one piece": ("8503152234561", "8503152234561"),
    "foreigner number": ("900211-5123456", "외국인 900211-5123456"),
    "phone": ("010-9876-5432", "보호자 연락처 010-9876-5432"),
    "phone from abroad": ("+82 10-5555-1234", "tel +82 10-5555-1234."),
    "phone of an area": ("031-777-8888", "(집) 031-777-8888"),
    "e-mail": ("hong.gildong@example.com", "메일 hong.gildong@example.com 으로 회신"),
    "with a stroke": ("800102/1234568", "주민 800102/1234568"),
    "in parts": ("80-01-03-1234569", "80-01-03-1234569"),
    "with a letter as a dash": ("800104ㅡ1234560", "환자 800104ㅡ1234560"),
    "behind a label": ("8001051234561", "ID8001051234561"),
    "with what is not seen": ("800106\u200b1234562", "800106\u200b1234562"),
    "in wide digits": ("８００１０７－１２３４５６３", "８００１０７－１２３４５６３ 확인"),
    "in thousands": ("8,001,081,234,564", "8,001,081,234,564"),
    "shortened": ("8.00109E+12", "8.00109E+12"),
    "phone in brackets": ("(010) 2222-3333", "전화 (010) 2222-3333"),
    "phone without its zero": ("1044445555", "1044445555"),
    "phone behind a label": ("01066667777", "Tel01066667777"),
    "wide e-mail": ("gildong＠naver.com", "gildong＠naver.com"),
    "Korean e-mail": ("홍길동@naver.com", "문의 홍길동@naver.com"),
}
"""The identifier, and a cell that holds it."""

MEASURED = ("진료기록", PLANTED["shortened"][1])
"""The file whose last column is a measured number, and what stays there: a number in exponent form is reported."""


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def known_identities(delivery: Path) -> set[str]:
    """Every name and registration number that stands in an identity column of a delivery."""
    found = set()
    for path in delivery.glob("*.csv"):
        header, *records = read_csv(path)
        places = [header.index(column) for column in IDENTITY_COLUMNS if column in header]
        found |= {record[place] for record in records for place in places if place < len(record)}
    return {identity for identity in found if len(identity) > 1}


def plant(delivery: Path) -> None:
    """Put identifiers where a hospital would: in remarks, in cells that cannot be mapped, in records out of shape."""
    (delivery / "manifest.json").unlink()
    for begin, column in (("이상반응", 3), ("환자기본", -1), ("시술", -1), ("진료기록", -1), ("추적관찰", -1)):
        (path,) = delivery.glob(f"{begin}*.csv")
        rows = read_csv(path)
        for row, (_, cell) in zip(rows[1:], PLANTED.values(), strict=False):
            if (begin, cell) != MEASURED:
                row[column] = cell
        rows[10] = [*rows[10], PLANTED["phone"][1]]  # one cell too many
        rows[11] = rows[11][:-1]  # one too few
        write_csv(path, [[*row, "비고" if place == 0 else ""] for place, row in enumerate(rows)])
    (labs, *_) = sorted(delivery.glob("검사결과*.csv"))
    rows = read_csv(labs)
    rows[0].append("비고")
    for place, row in enumerate(rows[1:]):
        row.append(list(PLANTED.values())[place % len(PLANTED)][1] if place < 100 else "")
    rows[5][2] = PLANTED["e-mail"][1]  # a code that is not listed is quoted in a finding
    rows[6][3] = PLANTED["phone"][0]
    write_csv(labs, rows)
    with labs.open("a", encoding="utf-8") as file:
        file.write(f'"{rows[7][0]}" 010,"broken" quotes {PLANTED["phone"][0]}\n')


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("run")
    return os.environ | {
        "HCC_DATA_DIR": str(folder / "data"),
        "HCC_REPORTS_DIR": str(folder / "reports"),
        "TMPDIR": str(folder),
    }


@pytest.fixture(scope="module")
def identities(environment: dict[str, str]) -> set[str]:
    delivery = synthesize(Path(environment["HCC_DATA_DIR"], "raw"), sites=["snuh"], scale=0.1)[0]
    plant(delivery)
    known = known_identities(delivery)
    assert len(known) > 20
    return known | {identifier for identifier, _ in PLANTED.values()}


@pytest.fixture(scope="module")
def said(environment: dict[str, str], identities: set[str]) -> str:
    """Ingest, then ask for everything that quotes cells; gives all that the terminal showed."""
    texts = []
    for arguments in (
        ["ingest", "snuh", "--accept"],
        ["findings", "snuh"],
        ["findings", "snuh", "--json"],
        ["quarantine", "snuh", "--json"],
        ["status"],
    ):
        done = subprocess.run([HCC, *arguments], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        texts += [done.stdout, done.stderr]
    return "\n".join(texts)


def test_no_file_of_a_run_holds_an_identity(environment: dict[str, str], identities: set[str], said: str) -> None:
    data_dir = Path(environment["HCC_DATA_DIR"])
    everything = data_dir.parent
    searched = {where for where, _ in texts_in(everything, but=data_dir / "raw")}
    for needed in (
        "core.adverse_event",
        "quality.quarantined_row",
        "current.patient",
        ".parquet",
        "snuh.html",
        "snuh.json",
    ):
        assert [where for where in searched if needed in where], needed
    assert search(texts_in(everything, but=data_dir / "raw"), identities) == {}


def test_the_terminal_shows_no_identity(identities: set[str], said: str) -> None:
    assert search(iter([("terminal", said)]), identities) == {}


def test_what_was_planted_was_met_and_masked(environment: dict[str, str], said: str) -> None:
    with duckdb.connect(str(Path(environment["HCC_DATA_DIR"], "warehouse.duckdb")), read_only=True) as con:
        rules = {rule for (rule,) in con.execute("SELECT DISTINCT rule FROM quality.finding").fetchall()}
    assert {"masked_identifier", "ragged_record"} <= rules
    assert "masked›" in said


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """Decoded Parquet, a table, a view, a text and a file's name: the search would find it in each."""
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        con.execute("CREATE SCHEMA audit")
        con.execute("CREATE TABLE audit.t AS SELECT i, '김' || '가나' AS name FROM range(3000) AS r(i)")
        con.execute("CREATE VIEW audit.v AS SELECT name || '!' AS shouted FROM audit.t")
        con.execute(f"COPY audit.t TO '{tmp_path / 't.parquet'}' (COMPRESSION zstd)")
    (tmp_path / "log.json").write_text(json.dumps({"a": "김가나"}, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "김가나").mkdir()
    found = " ".join(search(texts_in(tmp_path), {"김가나"}))
    for place in ("audit.t name", "audit.v shouted", "t.parquet name", "log.json", "/김가나"):
        assert place in found


@pytest.mark.parametrize(
    ("planted", "kept"),
    [
        ("800101-1234567", "a 800101.1234567 b"),
        ("800101-1234567", "８００１０１ 1234567"),
        ("8001011234567", "8 0 0 1 0 1 - 1 2 3 4 5 6 7"),
        ("010-1234-5678", "(010)\u200b1234ㅡ5678"),
        ("010-1234-5678", "1012345678"),
    ],
)
def test_the_search_finds_a_number_in_another_spelling(planted: str, kept: str) -> None:
    assert search(iter([("here", kept)]), {planted}) == {"here": {planted}}
    half = len(kept) // 2
    assert search(iter([("here", kept[:half] + "\n" + kept[half:])]), {planted}) == {}


def test_an_outside_judge_finds_nothing_planted(environment: dict[str, str], identities: set[str], said: str) -> None:
    """Microsoft Presidio's recognisers of Korean numbers, which need no model of a language."""
    presidio = pytest.importorskip(
        "presidio_analyzer.predefined_recognizers", reason="presidio-analyzer is not installed; it is no dependency"
    )
    judges = [getattr(presidio, name)() for name in ("KrRrnRecognizer", "KrFrnRecognizer")]

    def told(text: str) -> set[str]:
        found = [each for judge in judges for each in judge.analyze(text, judge.supported_entities, None)]
        return {text[each.start : each.end] for each in found}

    planted = [cell for _, cell in PLANTED.values()]
    assert len(set().union(*map(told, planted))) >= 3, "the judge must see something in what was planted"
    data_dir = Path(environment["HCC_DATA_DIR"])
    kept = [
        text for where, text in texts_in(data_dir, but=data_dir / "raw") if ".parquet " in where or ".duckdb " in where
    ]
    found = set().union(*(told(text) for text in [*kept, said] if re.search("[0-9]{6}", text)))
    assert search(iter([("presidio", "\n".join(found))]), identities) == {}


def test_a_policy_that_lets_identities_through_is_found(
    environment: dict[str, str], identities: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the search can fail: landing as it would be without the policy."""
    from etl.delivery.folder import find_delivery
    from etl.landing.land import land_delivery
    from etl.mapping.read_mapping import read_mapping
    from etl.settings import Settings
    from warehouse.progress import Silent

    let_through(monkeypatch)
    delivery = find_delivery(Path(environment["HCC_DATA_DIR"], "raw"), "snuh")
    mapping = read_mapping(Path("site_mappings"), "snuh")
    land_delivery(
        delivery,
        mapping,
        settings=Settings(data_dir=tmp_path),
        key=b"k" * 32,
        progress=Silent(),
        identity_of={},
        used_of=None,
    )
    found = set().union(*search(texts_in(tmp_path), identities).values())
    assert {identifier for identifier, _ in PLANTED.values()} <= found


def test_a_file_that_lost_its_header_is_refused_before_anything_of_it_is_kept(tmp_path: Path) -> None:
    """Without its header a file's first patient would name its columns, and no column would be an identity's."""
    delivery = synthesize(tmp_path / "data" / "raw", sites=["snuh"], scale=0.1)[0]
    (delivery / "manifest.json").unlink()
    labs = sorted(delivery.glob("검사결과*.csv"))[-1]
    write_csv(labs, read_csv(labs)[1:])
    environment = os.environ | {"HCC_DATA_DIR": str(tmp_path / "data"), "HCC_REPORTS_DIR": str(tmp_path / "reports")}
    done = subprocess.run([HCC, "ingest", "snuh"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert f"{labs.name}: the file has no column '연구등록번호'" in done.stderr
    known = known_identities(delivery) | set(read_csv(labs)[0][:1])
    assert search(iter([("terminal", done.stdout + done.stderr)]), known) == {}
    assert search(texts_in(tmp_path, but=tmp_path / "data" / "raw"), known) == {}
