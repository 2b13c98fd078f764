"""The zip package of a workbook: its XML parts are scanned in bounded memory before any library opens it (zip bombs, damage).

Every part is unpacked once, piece by piece: that verifies each checksum and each stated size, bounds what the workbook
can grow to, and finds how far each sheet reaches and whether it holds cells that need a closer look.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
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
"""The rectangle that a sheet may span, empty cells too."""

_BLOCK_BYTES, _OVERLAP, _LONGEST_ADDRESS = 1 << 20, 512, 20
_WORKBOOK, _RELATIONS, _SHEETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/"
_KINDS = (_SHEETS, "xl/chartsheets/", "xl/dialogsheets/", "xl/macrosheets/")
_STATES = {"visible", "hidden", "veryHidden"}


@dataclass(frozen=True)
class SheetFacts:
    """A sheet's part, as far as its bytes say.

    `columns` are the first and the last column (from 1) that may have a filled cell, None where that cannot be said;
    `is_ordered` is false where the rows may not be in their order.
    """

    part: str
    columns: tuple[int, int] | None
    is_ordered: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet as the workbook lists it; `facts` is None for one without cells (a chart)."""

    name: str
    is_visible: bool
    facts: SheetFacts | None


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
def examine_package(path: Path, name: str, _stamp: Stamp) -> tuple[Sheet, ...]:
    """Verify a workbook's package and return its sheets in their order; cached for the same state of a file.

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
            reaches = {part.filename: _examine_part(package, part, name) for part in package.infolist()}
            listed = _list_sheets(package)
    # zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for an encrypted part
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise DeliveryError(f"{name}: the workbook is damaged. Save it again in Excel and send it again.") from error
    if not {part for _, _, part in listed} <= reaches.keys():
        raise DeliveryError(f"{name}: the workbook lacks one of its sheets. Save it again in Excel and send it again.")
    return tuple(
        Sheet(sheet, is_visible, reaches[part].facts(part) if part.startswith(_SHEETS) else None)
        for sheet, is_visible, part in listed
    )


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


def _examine_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> "_Reach":
    """Unpack one part; return how far it reaches, of a sheet."""
    is_xml = part.filename.endswith((".xml", ".rels"))
    is_sheet = part.filename.startswith(_SHEETS) and is_xml
    reach = _Reach()
    for piece in unpack(package, part):
        if is_xml and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
            raise DeliveryError(
                f"{name}: the workbook defines XML entities, as only a file made to do harm does. "
                f"Ask where it comes from; save it again in Excel."
            )
        if is_sheet:
            reach.widen(piece)
    if reach.cell_count > MOST_CELLS:
        raise DeliveryError(
            f"{name}: a sheet spans {reach.rows:,} rows and {reach.columns:,} columns, more than the {MOST_CELLS:,} cells "
            f"that are read. Delete stray cells far below or right of the table, or export it as delimited text."
        )
    return reach


def unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> Iterator[bytes]:
    """Yield a part in pieces that overlap, so that nothing short is cut in two."""
    tail = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK_BYTES):
            yield tail + block
            tail = block[-_OVERLAP:]


_REFERENCES = tuple(
    re.compile(rb"r=%b([A-Za-z]{1,3})([0-9]{1,7})%b" % (quote, quote))
    for quote in (b'"', b"'")  # a pattern that begins with plain letters is searched for many times faster
)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CELL_TAGS = (b"<c ", b"<c>", b":c ", b":c>")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*/>")


class _Reach:
    """How many rows and columns a sheet spans, by the addresses of its cells, or by counting where they have none."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row_tags = self._last_row = 0
        self._filled: set[bytes] = set()
        self._is_addressed = self._is_ordered = True

    def widen(self, piece: bytes) -> None:
        """Take a piece, which begins with the last bytes of the one before."""
        references = [found for pattern in _REFERENCES for found in pattern.findall(piece)]
        if not references:
            rows = _ROW.split(piece)
            counts = [len(_CELL.findall(row)) for row in rows]
            self._row_tags += len(rows) - 1
            self.rows = max(self.rows, self._row_tags)
            self.columns = max(self.columns, *counts)
            self._is_addressed &= not any(counts)
            return
        letters, numbers = map(list, zip(*references, strict=True))
        in_order = list(map(int, numbers))
        self.columns = max(self.columns, *(column_number(name.decode()) for name in set(letters)))
        self.rows = max(self.rows, *in_order)
        self._look_closely(piece, letters, in_order)

    def _look_closely(self, piece: bytes, letters: list[bytes], rows: list[int]) -> None:
        """Note whether the rows are in order, whether each cell has an address, and the columns with filled cells."""
        begins_anew = not any(pattern.search(piece, 0, _OVERLAP - _LONGEST_ADDRESS) for pattern in _REFERENCES)
        self._is_ordered &= rows == sorted(rows) and (not begins_anew or rows[0] >= self._last_row)
        self._last_row = rows[-1]
        whole = piece[: piece.rfind(b">") + 1]
        self._is_addressed &= sum(map(whole.count, _CELL_TAGS)) <= len(rows)
        if b"/>" in piece:
            filled = _EMPTY_CELL.sub(b"", piece)
            letters = [found[0] for pattern in _REFERENCES for found in pattern.findall(filled)]
        self._filled.update(letters)

    def facts(self, part: str) -> SheetFacts:
        """State what the bytes said of the sheet."""
        columns = [column_number(name.decode()) for name in self._filled] if self._is_addressed else []
        return SheetFacts(part, (min(columns), max(columns)) if columns else None, self._is_ordered)

    @property
    def cell_count(self) -> int:
        """The cells of the rectangle."""
        return self.rows * self.columns


def _list_sheets(package: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    """List the sheets: name, whether it is visible, and its part, by its relation's target; BadZipFile for an unknown kind."""
    targets = {
        attributes.get("Id"): attributes.get("Target", "")
        for tag, attributes in read_elements(package.read(_RELATIONS))
        if tag == "Relationship"
    }
    sheets = []
    for tag, attributes in read_elements(package.read(_WORKBOOK)):
        if tag == "sheet" and (target := targets.get(attributes.get("id"))):
            part = part_of(target)
            if not part.startswith(_KINDS) or attributes.get("state", "visible") not in _STATES:
                raise zipfile.BadZipFile(part)
            sheets.append((attributes.get("name", ""), attributes.get("state", "visible") == "visible", part))
    return sheets


def find_parts(package: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Find the parts that the workbook's own relations name, by kind, and whether its days count from 1904."""
    parts = {
        attributes.get("Type", "").rpartition("/")[2]: part_of(attributes.get("Target", ""))
        for tag, attributes in read_elements(package.read(_RELATIONS))
        if tag == "Relationship"
    }
    stated = [
        attributes.get("date1904", "0")
        for tag, attributes in read_elements(package.read(_WORKBOOK))
        if tag == "workbookPr"
    ]
    if not set(stated) <= {"0", "1", "false", "true"}:
        raise zipfile.BadZipFile(_WORKBOOK)  # four years lie between the two
    return parts, any(each in {"1", "true"} for each in stated)


def part_of(target: str) -> str:
    """Name the part that a relation of the workbook points at."""
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
