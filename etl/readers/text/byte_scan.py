"""Scan a file's bytes once to count lines and records independently of the CSV parser, as a cross-check.

The scan hashes, verifies the encoding of every byte, refuses NUL, and counts lines, blank lines and records by line
breaks and quotes alone, without splitting cells, so that a reader's own count can be compared with it.
"""

import codecs
import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.readers.encoding_doubt import find_korean
from warehouse.errors import DeliveryError

Codes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Places = np.ndarray[tuple[int], np.dtype[np.intp]]

_BLOCK_BYTES = 1 << 20  # fits the processor's cache
_LONGEST_LINE_BYTES = 64 << 20
_NEWLINE, _RETURN, _QUOTE = b'\n\r"'


@dataclass(frozen=True)
class ByteScan:
    """The result of the byte scan of a delimited file; `record_count` counts every record but the header.

    `delimiter_count` leaves out delimiters within quotes. `line_break` is None when breaks are mixed. `is_regular` is
    true where every quote is where RFC 4180 allows it; only then can records be counted without a parser.
    """

    sha256: str
    size_bytes: int
    line_count: int
    blank_line_count: int
    quoted_break_count: int
    delimiter_count: int
    line_break: str | None
    is_regular: bool
    has_final_newline: bool

    @property
    def record_count(self) -> int | None:
        """The number of records by line breaks and quotes alone; None when quotes are where RFC 4180 does not allow them."""
        if not self.is_regular:
            return None
        return max(0, self.line_count - self.quoted_break_count - self.blank_line_count - 1)

    def is_plain(self, column_count: int) -> bool:
        """Whether each line is one record, so that record n is on line n + 1, and no record has a cell too many.

        The engine refuses a record with a cell too few, but passes over an empty one too many at its end; if no record
        has too few, the number of delimiters shows it.
        """
        has_only_records = self.quoted_break_count == 0 and self.blank_line_count == 0
        has_all_cells = self.delimiter_count == self.line_count * (column_count - 1)
        return self.is_regular and has_only_records and has_all_cells and self.line_break is not None


def examine_bytes(path: Path, name: str, *, encoding: str, delimiter: str, advance: Callable[[int], None]) -> ByteScan:
    """Scan a file's bytes once.

    Raises DeliveryError for a file that is empty, cannot be read, holds NUL characters, is not text in the stated
    encoding, or changes meanwhile. An OSError is passed on to the caller.
    """
    tally = _Tally(name, delimiter, path=path)
    digest = hashlib.sha256()
    before = path.stat()
    if before.st_size == 0:
        raise DeliveryError(f"{name}: the file is empty. Ask for it again.")
    with ThreadPoolExecutor(max_workers=1) as hashing:  # hashing releases the GIL, so it costs this thread no time
        hashed = hashing.submit(lambda: None)

        def update(block: bytes) -> None:
            nonlocal hashed
            hashed.result()  # one block at a time, in order, and never more than one waiting
            hashed = hashing.submit(digest.update, block)

        for piece in _read_pieces(path, encoding, tally, update=update, advance=advance):
            tally.count(piece)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryError(f"{name}: the file changed while it was read. Wait until it is copied, then start again.")
    return tally.conclude(digest.hexdigest(), before.st_size)


class _Tally:
    """Counts over pieces of UTF-8 that each begin at the start of a line."""

    def __init__(self, name: str, delimiter: str, *, path: Path) -> None:
        self.name = name
        self.path = path
        self.delimiter = delimiter.encode()[0]
        self.beside_quotes = np.zeros(256, dtype=bool)
        self.beside_quotes[[_NEWLINE, _RETURN, _QUOTE, self.delimiter]] = True
        self.is_regular = len(delimiter.encode()) == 1
        self.lines = self.blank_lines = self.quoted_breaks = self.quotes = self.delimiters = 0
        self.newlines = self.returns = self.pairs = 0
        self.has_final_newline = True

    def count(self, piece: bytes) -> None:
        if b"\0" in piece:
            line = self.lines + piece.count(b"\n", 0, piece.index(b"\0")) + 1
            raise DeliveryError(
                f"{self.name} line {line}: a NUL character was found, which text does not hold. "
                f"Was the file damaged, or is it UTF-16? Export it again, or state its encoding in mapping.yaml."
            )
        self.has_final_newline = piece.endswith((b"\n", b"\r"))
        codes = np.frombuffer(piece, dtype=np.uint8)
        newlines = np.flatnonzero(codes == _NEWLINE)
        self.newlines += len(newlines)
        is_odd = self.quotes % 2 == 1 or b'"' in piece or bool((np.diff(newlines, prepend=-1) == 1).any())
        if b"\r" in piece:
            returns, pairs = piece.count(b"\r"), piece.count(b"\r\n")
            self.returns, self.pairs = self.returns + returns, self.pairs + pairs
            is_odd |= returns != pairs or b"\n\r\n" in piece or piece.startswith(b"\r\n")
        if is_odd:
            self._count_closely(codes)
        else:
            self.lines += len(newlines) + (not self.has_final_newline)
            self.delimiters += int(np.count_nonzero(codes == self.delimiter))

    def _count_closely(self, piece: Codes) -> None:
        """Count with quotes, blank lines and any kind of line break."""
        is_newline, is_return = piece == _NEWLINE, piece == _RETURN
        is_break = is_newline | (is_return & ~np.append(is_newline[1:], False))
        ends = np.flatnonzero(is_break)
        starts = np.append(0, ends + 1)
        if starts[-1] == len(piece):
            starts = starts[:-1]
        else:
            ends = np.append(ends, len(piece))
        quotes = np.flatnonzero(piece == _QUOTE)
        delimiters = np.flatnonzero(piece == self.delimiter)
        is_quoted = (self.quotes + np.searchsorted(quotes, ends)) % 2 == 1
        is_delimiter_quoted = (self.quotes + np.searchsorted(quotes, delimiters)) % 2 == 1
        lengths = ends - starts
        is_blank = (lengths == 0) | ((lengths == 1) & (piece[starts] == _RETURN))
        self.lines += len(ends)
        self.quoted_breaks += int(is_quoted.sum())
        self.blank_lines += int((is_blank & ~is_quoted).sum())
        self.delimiters += len(delimiters) - int(is_delimiter_quoted.sum())
        self._check_quotes(piece, quotes)
        self.quotes += len(quotes)

    def _check_quotes(self, piece: Codes, quotes: Places) -> None:
        """Check that every quote opens after a delimiter or break, or closes before one, or is doubled."""
        opening, closing = quotes[self.quotes % 2 :: 2], quotes[1 - self.quotes % 2 :: 2]
        before = piece[opening[opening > 0] - 1]
        after = piece[closing[closing < len(piece) - 1] + 1]
        self.is_regular &= bool(self.beside_quotes[before].all() and self.beside_quotes[after].all())

    def conclude(self, sha256: str, size_bytes: int) -> ByteScan:
        line_break = None
        if self.returns == 0:
            line_break = "\n"
        elif self.returns == self.pairs == self.newlines:
            line_break = "\r\n"
        return ByteScan(
            sha256=sha256,
            size_bytes=size_bytes,
            line_count=self.lines,
            blank_line_count=self.blank_lines,
            quoted_break_count=self.quoted_breaks,
            delimiter_count=self.delimiters,
            line_break=line_break,
            is_regular=self.is_regular and self.quotes % 2 == 0,
            has_final_newline=self.has_final_newline,
        )


def _read_pieces(
    path: Path, encoding: str, tally: _Tally, *, update: Callable[[bytes], None], advance: Callable[[int], None]
) -> Iterator[bytes]:
    """Yield the file as UTF-8 without a byte order mark, in pieces that end with a line break (but the last)."""
    name, is_utf8 = tally.name, codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}
    recoder = None if is_utf8 else _Recoder(name, encoding, tally)
    carry, start = b"", 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            update(block)
            advance(len(block))
            carry += recoder.recode(block) if recoder else block
            cut = carry.rfind(b"\n") + 1
            if cut == 0 and len(carry) > _LONGEST_LINE_BYTES:
                raise DeliveryError(f"{name}: no line break in {len(carry) >> 20} MB; this is no delimited text file.")
            if cut:
                yield _strip_mark(_check_utf8(carry[:cut], start, tally), start)
                carry, start = carry[cut:], start + cut
        if recoder:
            carry += recoder.finish()
    if carry:
        yield _strip_mark(_check_utf8(carry, start, tally), start)


def _strip_mark(piece: bytes, start: int) -> bytes:
    return piece.removeprefix(codecs.BOM_UTF8) if start == 0 else piece


def _check_utf8(piece: bytes, start: int, tally: _Tally) -> bytes:
    if not piece.isascii():
        try:
            codecs.utf_8_decode(piece, "strict", True)
        except UnicodeDecodeError as error:
            line = tally.lines + piece.count(b"\n", 0, error.start) + 1
            raise _refuse_encoding(tally, "utf-8", offset=start + error.start, line=line) from None
    return piece


class _Recoder:
    """Turns another encoding into UTF-8, strictly, and detects text that was UTF-8 already."""

    def __init__(self, name: str, encoding: str, tally: _Tally) -> None:
        self.name, self.encoding, self.tally = name, encoding, tally
        self.decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.doubt = codecs.getincrementaldecoder("utf-8")("strict")
        self.is_perhaps_utf8, self.has_hangul = True, False
        self.done = self.lines = 0

    def recode(self, block: bytes, *, is_last: bool = False) -> bytes:
        self._doubt(block, is_last=is_last)
        self.done += len(block)
        try:
            text = self.decoder.decode(block, is_last)
        except UnicodeDecodeError as error:
            offset = self.done - len(error.object) + error.start
            line = self.lines + error.object.count(b"\n", 0, error.start) + 1
            raise _refuse_encoding(self.tally, self.encoding, offset=offset, line=line) from None
        self.lines += text.count("\n")
        return text.encode()

    def finish(self) -> bytes:
        last = self.recode(b"", is_last=True)
        if self.is_perhaps_utf8 and self.has_hangul:
            raise DeliveryError(
                f"{self.name}: the mapping says {self.encoding}, but the bytes are Korean text in utf-8. "
                f"State 'encoding: utf-8' in mapping.yaml."
            )
        return last

    def _doubt(self, block: bytes, *, is_last: bool) -> None:
        if not self.is_perhaps_utf8:
            return
        try:
            text = self.doubt.decode(block, is_last)
        except UnicodeDecodeError:
            self.is_perhaps_utf8 = False
            return
        self.has_hangul = self.has_hangul or (not text.isascii() and any(map(_is_hangul, text)))


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣" or unicodedata.name(character, "").startswith("HANGUL")


def _refuse_encoding(tally: _Tally, encoding: str, *, offset: int, line: int) -> DeliveryError:
    korean_in = find_korean(tally.path, but=encoding)
    advice = (
        f"All of it reads as Korean text in {korean_in}: state 'encoding: {korean_in}' in mapping.yaml."
        if korean_in
        else "State the file's true encoding in mapping.yaml, or export it again."
    )
    return DeliveryError(f"{tally.name} line {line}: byte {offset:,} is not valid {encoding}. {advice}")
