"""Finding a delivery and the files of its sources."""

import json
import unicodedata
from pathlib import Path

import pytest

from etl.delivery.folder import find_delivery, match_files, unmatched_files
from etl.readers.source import SourceFiles
from warehouse.errors import DeliveryError, NotFoundError


def make(raw: Path, name: str, *files: str) -> Path:
    folder = raw / "snuh" / name
    folder.mkdir(parents=True)
    for file in files:
        (folder / file).write_text("a\n1\n")
    return folder


def source(*files: str, many: bool = False) -> SourceFiles:
    return SourceFiles(file=[*files], many=many)


def test_newest_delivery_unless_one_is_named(tmp_path: Path) -> None:
    make(tmp_path, "2026-10", "a.csv", "SYNTHETIC.txt")
    make(tmp_path, "2026-11", "a.csv")
    make(tmp_path, ".partial")
    assert find_delivery(tmp_path, "snuh").name == "2026-11"
    assert not find_delivery(tmp_path, "snuh").is_synthetic
    assert find_delivery(tmp_path, "snuh", name="2026-10").is_synthetic


def test_no_delivery_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="snuh: no delivery found"):
        find_delivery(tmp_path, "snuh")
    make(tmp_path, "2026-11")
    with pytest.raises(NotFoundError, match=r"no delivery named '\.\./smc'. There are: 2026-11"):
        find_delivery(tmp_path, "snuh", name="../smc")


def test_decomposed_file_names_match(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "검사결과_1.csv")
    make(tmp_path, "2026-11", decomposed, "검사결과_2.csv", "메모.csv", ".DS_Store", "~$메모.csv")
    delivery = find_delivery(tmp_path, "snuh")
    sources = {"labs": source("검사결과*.csv", many=True)}
    assert [path.name for path in match_files(delivery, sources)["labs"]] == [decomposed, "검사결과_2.csv"]
    assert unmatched_files(delivery, sources) == ("메모.csv",)


def test_several_or_no_files_are_refused(tmp_path: Path) -> None:
    make(tmp_path, "2026-11", "검사결과_1.csv", "검사결과_2.csv")
    delivery = find_delivery(tmp_path, "snuh")
    with pytest.raises(DeliveryError, match=r"source 'labs' \(검사결과\*.csv\) matches 2 files .*'many: true'"):
        match_files(delivery, {"labs": source("검사결과*.csv")})
    with pytest.raises(DeliveryError, match=r"source 'patients' .* matches none of the files \(검사결과_1.csv, "):
        match_files(delivery, {"patients": source("환자*.csv")})


def test_a_list_is_read_in_its_order_and_every_file_once(tmp_path: Path) -> None:
    make(tmp_path, "2026-11", "labs_2.csv", "labs_1.csv", "older.csv", "else.csv")
    delivery = find_delivery(tmp_path, "snuh")
    for files, many, expected in (
        (("older.csv", "labs_1.csv"), False, ["older.csv", "labs_1.csv"]),
        (("labs_2.csv", "old*.csv", "labs_1.csv"), False, ["labs_2.csv", "older.csv", "labs_1.csv"]),
        (("labs_2.csv", "labs_*.csv"), True, ["labs_2.csv", "labs_1.csv"]),
        (("labs_*.csv", "labs_2.csv", "labs_2.csv"), True, ["labs_1.csv", "labs_2.csv"]),
        (("older.csv", "old*"), False, ["older.csv"]),
    ):
        sources = {"labs": source(*files, many=many)}
        assert [path.name for path in match_files(delivery, sources)["labs"]] == expected
        assert unmatched_files(delivery, sources) == tuple(
            sorted({"else.csv", "labs_1.csv", "labs_2.csv", "older.csv"} - {*expected})
        )


def test_every_name_of_a_list_is_found_or_named_as_missing(tmp_path: Path) -> None:
    make(tmp_path, "2026-11", "labs_1.csv", "labs_2.csv")
    delivery = find_delivery(tmp_path, "snuh")
    missing = (
        r"source 'labs' \(old.csv, new_\*.csv\) matches none of the files \(labs_1.csv, labs_2.csv\). Ask for the files"
    )
    with pytest.raises(DeliveryError, match=missing):
        match_files(delivery, {"labs": source("old.csv", "labs_1.csv", "new_*.csv")})
    with pytest.raises(DeliveryError, match=r"source 'labs' \(labs_\*.csv\) matches 2 files .*'many: true'"):
        match_files(delivery, {"labs": source("labs_1.csv", "labs_*.csv")})
    (delivery.path / "older").mkdir()
    (delivery.path / "older" / "old.csv").write_text("a\n1\n")
    with pytest.raises(DeliveryError, match=r"source 'labs' \(old.csv\) would match older/old.csv \(in a subfolder\)"):
        match_files(delivery, {"labs": source("labs_1.csv", "old.csv")})


def test_two_spellings_of_one_name_are_refused(tmp_path: Path) -> None:
    make(tmp_path, "2026-11", "검사.csv", unicodedata.normalize("NFD", "검사.csv"))
    with pytest.raises(DeliveryError, match=r"two files are named 검사.csv, once decomposed"):
        find_delivery(tmp_path, "snuh")


def test_file_name_with_an_identifier_is_refused_without_repeating_it(tmp_path: Path) -> None:
    make(tmp_path, "2026-11", "a.csv", "환자_800101-1234567.csv")
    with pytest.raises(DeliveryError, match=r"name of file 2 of 2 .* holds a resident number") as caught:
        find_delivery(tmp_path, "snuh")
    assert "800101" not in str(caught.value)


def test_manifest_must_be_well_formed_and_complete(tmp_path: Path) -> None:
    folder = make(tmp_path, "2026-11", "a.csv")
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"files": {"a.csv": {"records": 1}, "b.csv": {}}}))
    with pytest.raises(DeliveryError, match=r"manifest.json lists b.csv, which is not in the delivery"):
        find_delivery(tmp_path, "snuh")
    for text, message in [
        ("{", "not readable as JSON"),
        ("[]", 'expected {"files"'),
        ('{"files": {"a.csv": {"records": "1"}}}', "the entry of a.csv needs"),
        ('{"files": {"a.csv": 3}}', "the entry of a.csv needs"),
    ]:
        manifest.write_text(text)
        with pytest.raises(DeliveryError, match=message):
            find_delivery(tmp_path, "snuh")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("홍길동_800101-1234567", "resident number"),
        ("2026-12 (010 1234 5678)", "phone number"),
        ("9 a＠b.kr", "e-mail address"),
    ],
)
def test_a_folder_whose_name_holds_an_identifier_is_refused_without_repeating_it(
    tmp_path: Path, name: str, kind: str
) -> None:
    make(tmp_path, "2026-11", "a.csv")
    make(tmp_path, name, "a.csv")
    with pytest.raises(
        DeliveryError, match=rf"the name of folder 2 of 2 .* holds a {kind}. Rename the folder"
    ) as refused:
        find_delivery(tmp_path, "snuh", name=name)
    assert name not in str(refused.value)
    with pytest.raises(NotFoundError, match=rf"no delivery named '‹phone number masked›'.*‹{kind} masked›") as absent:
        find_delivery(tmp_path, "snuh", name="01099998888")
    assert not {"9999", name} & {str(absent.value), *str(absent.value).split("'")}


@pytest.mark.parametrize("name", ["명단.800101-1234567", "800101ㅡ1234567.csv", "Tel01012345678.txt"])
def test_a_file_that_nobody_reads_is_refused_by_its_name_too(tmp_path: Path, name: str) -> None:
    make(tmp_path, "2026-11", "a.csv", name)
    with pytest.raises(DeliveryError, match=r"the name of file . of 2 .* Rename the file without it") as refused:
        find_delivery(tmp_path, "snuh")
    assert name not in str(refused.value)


def test_a_manifest_that_names_an_identifier_is_not_quoted(tmp_path: Path) -> None:
    folder = make(tmp_path, "2026-11", "a.csv")
    (folder / "manifest.json").write_text(json.dumps({"files": {"김_010-1234-5678.csv": {}}}))
    with pytest.raises(DeliveryError, match=r"lists 김_‹phone number masked›\.csv, which is not in the delivery"):
        find_delivery(tmp_path, "snuh")


def test_names_of_dated_exports_are_no_identifiers(tmp_path: Path) -> None:
    names = [
        "검사_20100310_123045.csv",
        "검사_100310-100412.csv",
        "labs_20100310-1234567.csv",
        "1003101230.csv",
        "a@b.csv",
    ]
    make(tmp_path, "2026-11", *names)
    assert find_delivery(tmp_path, "snuh").name == "2026-11"
