"""The zip package of a workbook: its XML parts are scanned in bounded memory before any library opens it (zip bombs, damage).

Every part is unpacked once, piece by piece: that verifies each checksum and each stated size, bounds what the workbook
can grow to, and finds how far each sheet reaches and whether it holds cells that need a closer look.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import join, normpath

from etl.readers.file_hash import is_compound, is_encrypted, looks_like
from etl.readers.workbook.parts_xml import column_number, read_elements
from warehouse.errors import DeliveryError

MOST_BYTES = 1 << 30
"""The size in bytes that all parts together may unpack to."""
MOST_RATIO, RATIO_FROM_BYTES = 250, 16 << 20
"""How many times its packed size a part of some size may unpack to; a sheet of equal cells reaches about 100."""
MOST_CELLS = 16_000_000
"""The rectangle that a sheet may span: the library holds all of it in memory, empty cells too."""

_BLOCK_BYTES, _OVERLAP = 1 << 20, 512
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class SheetFacts:
    """A sheet's part; `is_odd` is true where it may hold error cells or formulas without a value."""

    part: str
    is_odd: bool


@dataclass(frozen=True)
class Stamp:
    """The size and time of a file, by which a changed file is recognised."""

    size_bytes: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp:
    """Read a file's size and time."""
    facts = path.stat()
    return Stamp(facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=4)
def examine_package(path: Path, name: str, _stamp: Stamp) -> Mapping[str, SheetFacts]:
    """Verify a workbook's package and return its sheets by name; cached for the same state of a file.

    Raises DeliveryError for what is not a workbook, is behind a password, is damaged, or would grow beyond bounds.
    """
    if is_compound(path):
        if is_encrypted(path):
            raise DeliveryError(
                f"{name}: the workbook is protected by a password. Save it without one and send it again."
            )
        raise DeliveryError(f"{name}: this is a workbook of Excel 97-2003 under a new name. Save it as .xlsx.")
    if not zipfile.is_zipfile(path):
        raise DeliveryError(
            f"{name}: this is no Excel workbook, or its end is missing; it looks like {looks_like(path)}. Export it again."
        )
    try:
        with zipfile.ZipFile(path) as package:
            _check_directory(package, name)
            odd = {part.filename: _examine_part(package, part, name) for part in package.infolist()}
            sheets = _sheet_parts(package)
    # zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for an encrypted part
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise DeliveryError(f"{name}: the workbook is damaged. Save it again in Excel and send it again.") from error
    if not set(sheets.values()) <= odd.keys():
        raise DeliveryError(f"{name}: the workbook lacks one of its sheets. Save it again in Excel and send it again.")
    return {sheet: SheetFacts(part, odd[part]) for sheet, part in sheets.items()}


def _check_directory(package: zipfile.ZipFile, name: str) -> None:
    """Check the sizes that the directory states; unpacking then compares each part with them."""
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    if total > MOST_BYTES:
        raise DeliveryError(
            f"{name}: the workbook unpacks to {total >> 20:,} MB, more than the {MOST_BYTES >> 20:,} MB that are read. "
            f"Export the data as delimited text."
        )
    for part in parts:
        is_directory = part.filename in {_WORKBOOK, _RELATIONS}
        if part.file_size > max(RATIO_FROM_BYTES, 0 if is_directory else MOST_RATIO * part.compress_size):
            raise DeliveryError(
                f"{name}: a part of the workbook unpacks to {part.file_size // max(1, part.compress_size):,} times its "
                f"size, as only a file made to do harm does. Ask where it comes from; save it again in Excel."
            )
    if _WORKBOOK not in package.namelist():
        raise DeliveryError(f"{name}: this is a zip archive, but no Excel workbook. Export the data as .xlsx.")


def _examine_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    """Unpack one part; return for a sheet whether some of its cells need a closer look."""
    is_xml = part.filename.endswith((".xml", ".rels"))
    is_sheet = part.filename.startswith("xl/worksheets/") and is_xml
    reach, is_odd = _Reach(), False
    for piece in _unpack(package, part):
        if is_xml and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
            raise DeliveryError(
                f"{name}: the workbook defines XML entities, as only a file made to do harm does. "
                f"Ask where it comes from; save it again in Excel."
            )
        if is_sheet:
            reach.widen(piece)
            is_odd = is_odd or any(mark in piece for mark in _ODD)
    if reach.cell_count > MOST_CELLS:
        raise DeliveryError(
            f"{name}: a sheet spans {reach.rows:,} rows and {reach.columns:,} columns, more than the {MOST_CELLS:,} cells "
            f"that are read. Delete stray cells far below or right of the table, or export it as delimited text."
        )
    return is_odd


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces that overlap, so that nothing short is cut in two."""
    tail = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            yield tail + block
            tail = block[-_OVERLAP:]


_ODD = (b't="e"', b"t='e'", b"<f", b":f")
"""What a sheet's part holds somewhere if it has error cells or formulas."""
_REFERENCES = tuple(
    re.compile(rb"r=%b([A-Z]{1,3})([0-9]{1,7})%b" % (quote, quote))
    for quote in (b'"', b"'")  # a pattern that begins with plain letters is searched for many times faster
)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


class _Reach:
    """How many rows and columns a sheet spans, by the addresses of its cells, or by counting where they have none."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.row_tags = 0

    def widen(self, piece: bytes) -> None:
        references = [found for pattern in _REFERENCES for found in pattern.findall(piece)]
        if not references:
            rows = _ROW.split(piece)
            self.row_tags += len(rows) - 1
            self.rows = max(self.rows, self.row_tags)
            self.columns = max(self.columns, *(len(_CELL.findall(row)) for row in rows))
            return
        letters, numbers = map(set, zip(*references, strict=True))
        self.columns = max(self.columns, *(column_number(name.decode()) for name in letters))
        self.rows = max(self.rows, *map(int, numbers))

    @property
    def cell_count(self) -> int:
        return self.rows * self.columns


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Find the part of each sheet: its name in the workbook, by its relation's target."""
    targets = {
        attributes.get("Id"): attributes.get("Target", "")
        for tag, attributes in read_elements(package.read(_RELATIONS))
        if tag == "Relationship"
    }
    sheets = {}
    for tag, attributes in read_elements(package.read(_WORKBOOK)):
        if tag == "sheet" and (target := targets.get(attributes.get("id"))):
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            sheets[attributes.get("name", "")] = part
    return sheets
