"""Everything in a delivery's folder is read, reported, or litter by its name."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.delivery.fingerprint import fingerprint_delivery
from etl.delivery.folder import find_delivery, match_files, unmatched_files, unread_entries
from etl.readers.source import SourceFiles
from warehouse.errors import DeliveryError

SOURCES = {"labs": SourceFiles(file=["labs_*.csv"], many=True)}
LITTER = [
    ".DS_Store", "._labs_1.csv", "~$labs.xlsx", "Thumbs.db", ".~lock.labs_1.csv#", "__MACOSX/._labs_2.csv", "desktop.ini"
]  # fmt: skip


def in_a_subfolder(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "labs_2.csv").write_text("a\n1\n")


def deep_inside(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "labs_2.csv").write_text("a\n1\n")


def broken_link(folder: Path) -> None:
    (folder / "labs_2.csv").symlink_to(folder / "gone.csv")


def hidden_file(folder: Path) -> None:
    (folder / ".labs_2.csv").write_text("a\n1\n")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "labs_2.csv")


def folder_of_that_name(folder: Path) -> None:
    (folder / "labs_2.csv").mkdir()
    (folder / "labs_2.csv" / "labs_2.csv").write_text("a\n1\n")


def link_that_turns_round(folder: Path) -> None:
    (folder / "labs_2.csv").symlink_to(folder / "labs_2.csv")


PARTS = {
    in_a_subfolder: "more/labs_2.csv (in a subfolder)",
    deep_inside: "a/b/labs_2.csv (in a subfolder)",
    broken_link: "labs_2.csv (a link to nothing that can be read)",
    hidden_file: ".labs_2.csv (a hidden file)",
    pipe: "labs_2.csv (a pipe or device, no file)",
    folder_of_that_name: "labs_2.csv/labs_2.csv (in a subfolder)",
    link_that_turns_round: "labs_2.csv (a link to nothing that can be read)",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "snuh" / "2026-11"
    folder.mkdir(parents=True)
    (folder / "labs_1.csv").write_text("a\n1\n")
    return folder


@pytest.mark.parametrize("place", PARTS, ids=lambda place: place.__name__)
def test_a_part_that_is_not_read_is_refused(folder: Path, tmp_path: Path, place: Callable[[Path], None]) -> None:
    before = fingerprint_delivery(find_delivery(tmp_path, "snuh"))
    place(folder)
    delivery = find_delivery(tmp_path, "snuh")
    with pytest.raises(DeliveryError, match="only files of the delivery's own folder are read") as caught:
        match_files(delivery, SOURCES)
    assert PARTS[place] in str(caught.value)
    assert fingerprint_delivery(delivery) != before


def test_a_source_whose_only_file_lies_elsewhere_says_where(folder: Path, tmp_path: Path) -> None:
    in_a_subfolder(folder)
    with pytest.raises(DeliveryError, match=r"would match more/labs_2\.csv \(in a subfolder\)"):
        match_files(find_delivery(tmp_path, "snuh"), {"labs": SourceFiles(file=["labs_2.csv"])})


def test_what_no_source_names_is_reported(folder: Path, tmp_path: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "labs_1.csv").write_text("a\n")
    (folder / "empty").mkdir()
    (folder / ".notes").write_text("x")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "800101-1234567").mkdir()
    (folder / "images").mkdir()
    for number in range(25):
        (folder / "images" / f"{number}.dcm").touch()
    delivery = find_delivery(tmp_path, "snuh")
    assert match_files(delivery, {"labs": SourceFiles(file=["labs_1.csv"])})["labs"] == (folder / "labs_1.csv",)
    assert unmatched_files(delivery, SOURCES) == ()
    assert unread_entries(delivery) == [
        ".notes (a hidden file)",
        "‹resident number masked›/ (a subfolder without a file)",
        "empty/ (a subfolder without a file)",
        "linked (a link to a folder)",
        "old/labs_1.csv (in a subfolder)",
        "images/ (a subfolder with 25 files)",
    ]


def test_litter_is_known_by_name(folder: Path, tmp_path: Path) -> None:
    for name in LITTER:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    delivery = find_delivery(tmp_path, "snuh")
    assert match_files(delivery, SOURCES)["labs"] == (folder / "labs_1.csv",)
    assert unread_entries(delivery) == []
