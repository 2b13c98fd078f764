"""Defects of a file's bytes, planted after it was written."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

_HANGUL = re.compile(rb"[\xea-\xec][\x80-\xbf]{2}")
"""A syllable in UTF-8 (U+AC00 to U+CFFF, which nearly all are)."""


def cut_in_half(path: Path) -> None:
    """Lose the second half, in the middle of a record."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def cut_inside_character(encoding: str) -> Callable[[Path], None]:
    """Lose everything after the first byte of a character that has two, somewhere in the second half."""

    def spoil(path: Path) -> None:
        content = path.read_bytes()
        text = content.decode(encoding)
        place = next(place for place in range(len(text) // 2, len(text)) if len(text[place].encode(encoding)) > 1)
        path.write_bytes(content[: len(text[:place].encode(encoding)) + 1])

    return spoil


def reencode(written: str, saved: str) -> Callable[[Path], None]:
    """Save a text file in another encoding than the hospital's."""

    def spoil(path: Path) -> None:
        path.write_bytes(path.read_bytes().decode(written).encode(saved))

    return spoil


def put_commas(path: Path) -> None:
    """Put commas between the cells in place of bars."""
    path.write_bytes(path.read_bytes().replace(b"|", b","))


def reencode_in_place(path: Path) -> None:
    """Save the Hangul of a file with fixed places (SPSS, SAS) as cp949, padded so that nothing moves.

    Such a file says, or its receiver assumes, that its text is UTF-8.
    """
    content = path.read_bytes()
    path.write_bytes(_HANGUL.sub(lambda found: found[0].decode("utf-8").encode("cp949") + b" ", content))


def insert_nul(path: Path) -> None:
    """Damage one byte of a record in the middle."""
    content = path.read_bytes()
    middle = content.index(b"\n", len(content) // 2) + 3
    path.write_bytes(content[:middle] + b"\0" + content[middle:])


def empty(path: Path) -> None:
    """Lose everything."""
    path.write_bytes(b"")


def remove(path: Path) -> None:
    """Forget the file."""
    path.unlink()


def send_page(path: Path) -> None:
    """Save what a server answered instead of the export."""
    path.write_text(
        "<html><body><h1>403 Forbidden</h1>\n<p>세션이 만료되었습니다.</p></body></html>\n", encoding="utf-8"
    )


def open_quote(path: Path) -> None:
    """Begin a record with a quote that nothing closes."""
    records = path.read_bytes().split(b"\r\n")
    middle = len(records) // 2
    path.write_bytes(b"\r\n".join([*records[:middle], b'"' + records[middle], *records[middle + 1 :]]))


def add_blank_lines(path: Path) -> None:
    """Put two blank lines between records."""
    content = path.read_bytes()
    place = content.index(b"\n", len(content) // 2) + 1
    path.write_bytes(content[:place] + b"\r\n\r\n" + content[place:])


def lose_final_newline(path: Path) -> None:
    """End without a line break."""
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))


def decompose_name(path: Path) -> None:
    """Name the file as macOS does."""
    path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))


def copy_into_folder(path: Path) -> None:
    """Leave a second copy of the file in a subfolder."""
    folder = path.parent / "이전"
    folder.mkdir()
    (folder / path.name).write_bytes(path.read_bytes())


def leave_note_in_folder(path: Path) -> None:
    """Leave a file that nobody asked for in a subfolder."""
    folder = path.parent / "참고"
    folder.mkdir()
    (folder / "memo.txt").write_text("확인\n", encoding="utf-8")


def swallow_records(delimiter: str) -> Callable[[Path], None]:
    """Open the last cell of a record with a stray quote, which another one closes three records below."""

    def spoil(path: Path) -> None:
        lines = path.read_bytes().split(b"\n")
        places = range(len(lines) // 2, len(lines) - 4)
        place = next(place for place in places if b'"' not in b"".join(lines[place : place + 4]))
        begin, sign, cell = lines[place].rpartition(delimiter.encode())
        lines[place] = begin + sign + b'"' + cell
        last = lines[place + 3]
        lines[place + 3] = last.rstrip(b"\r") + b'"' + last[len(last.rstrip(b"\r")) :]
        path.write_bytes(b"\n".join(lines))

    return spoil
