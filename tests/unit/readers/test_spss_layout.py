"""Damaged dictionaries of SPSS files are refused before the reading library, which a damaged one can crash, follows them."""

import struct
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from etl.readers.source import SourceFiles
from etl.readers.statistics.spss import examine_spss
from etl.readers.statistics.spss_layout import is_whole_dictionary
from warehouse.errors import DeliveryError

FIRST = 176
"""Where the first variable begins: kind, width, label, missing values, print format, write format, name."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"note": ["z" * 700, "가나다"], "n": [1.0, None], "code": [1.0, -9.0]})
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        frame,
        path,
        missing_ranges={"code": [-9, {"lo": 90, "hi": 99}]},
        variable_value_labels={"code": {1: "예", -9: "모름"}},
        column_labels={"n": "a label"},
    )
    return path


def set_int(data: bytes, at: int, value: int) -> bytes:
    return data[:at] + struct.pack("<i", value) + data[at + 4 :]


def after(data: bytes, mark: bytes) -> int:
    return data.index(mark) + len(mark)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a width beyond any text": lambda data: set_int(data, FIRST + 4, 300),
    "a text of fewer blocks than follow": lambda data: set_int(data, FIRST + 4, 8),
    "a text of more blocks than follow": lambda data: set_int(data, data.index(b"N       ") - 20, 16),
    "a number with a format of texts": lambda data: set_int(data, data.index(b"N       ") - 8, 1 << 16 | 8 << 8),
    "so many missing values as none has": lambda data: set_int(data, data.index(b"CODE    ") - 12, 7),
    "a label longer than the file": lambda data: set_int(data, after(data, b"N       "), 1 << 30),
    "a record of no kind": lambda data: set_int(data, FIRST, 5),
    "labels of a variable that is none": lambda data: set_int(data, data.index(b"\x04\0\0\0\x01\0\0\0") + 8, 9999),
    "labels of the middle of a text": lambda data: set_int(data, data.index(b"\x04\0\0\0\x01\0\0\0") + 8, 2),
    "a long name of no variable": lambda data: data.replace(b"CODE=code", b"CODX=code"),
    "another width of a very long text": lambda data: data.replace(b"=00700", b"=00900"),
    "another missing value": lambda data: data.replace(b"\xff" * 6 + b"\xef\xff" + b"\xff" * 6 + b"\xef\x7f", bytes(16)),
    "an end within the dictionary": lambda data: data[:400],
    "neither of the two byte orders": lambda data: set_int(data, 64, 77),
}  # fmt: skip


def test_a_whole_dictionary_is_whole(path: Path) -> None:
    assert is_whole_dictionary(path)
    assert examine_spss(path, path.name, SourceFiles(file=path.name), lambda _: None).record_count == 2


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_dictionary_is_refused(path: Path, damage: Callable[[bytes], bytes]) -> None:
    data = path.read_bytes()
    damaged = damage(data)
    assert damaged != data, "the damage was done"
    path.write_bytes(damaged)
    with pytest.raises(DeliveryError, match=r"a\.sav: the SPSS file is damaged or was cut short\. Ask for it again"):
        examine_spss(path, path.name, SourceFiles(file=path.name), lambda _: None)
