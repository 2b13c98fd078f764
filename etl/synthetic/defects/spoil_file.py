"""How a whole file is spoilt; each returns the number of the record that is spoilt, 0 for the whole file."""

import unicodedata
from pathlib import Path

from etl.synthetic.defects.delivery_copy import read_records, write_records


def cut_in_half(path: Path) -> int:
    """Lose the second half, in the middle of a record."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return 0


def cut_at_record(path: Path) -> int:
    """Lose four fifths of the records, cut between two."""
    records = read_records(path)
    write_records(path, records[: len(records) // 5])
    return 0


def lose_encoding(path: Path) -> int:
    """Save in the encoding of a Korean Windows."""
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp949"))
    return 0


def add_subtotal(path: Path) -> int:
    """Add a line that counts the others."""
    records = read_records(path)
    write_records(path, [*records, ["합계", f"{len(records) - 1}건"]])
    return len(records)


def double_header(path: Path) -> int:
    """Name the last column as the one before it."""
    records = read_records(path)
    records[0][-1] = records[0][-2]
    write_records(path, records)
    return 0


def repeat_header(path: Path) -> int:
    """Put two exports together without removing the second header."""
    records = read_records(path)
    middle = len(records) // 2
    write_records(path, [*records[:middle], records[0], *records[middle:]])
    return middle


def insert_nul(path: Path) -> int:
    """Damage one byte of a record in the middle."""
    content = path.read_bytes()
    middle = content.index(b"\n", len(content) // 2) + 3
    path.write_bytes(content[:middle] + b"\0" + content[middle:])
    return 0


def keep_header(path: Path) -> int:
    """Lose every record."""
    write_records(path, read_records(path)[:1])
    return 0


def empty(path: Path) -> int:
    """Lose everything."""
    path.write_bytes(b"")
    return 0


def remove(path: Path) -> int:
    """Forget the file."""
    path.unlink()
    return 0


def remove_column(path: Path) -> int:
    """Forget the last column but two."""
    write_records(path, [[*record[:-3], *record[-2:]] for record in read_records(path)])
    return 0


def send_page(path: Path) -> int:
    """Save what a server answered instead of the export."""
    path.write_text(
        "<html><body><h1>403 Forbidden</h1>\n<p>세션이 만료되었습니다.</p></body></html>\n", encoding="utf-8"
    )
    return 0


def open_quote(path: Path) -> int:
    """Begin a record with a quote that nothing closes."""
    records = path.read_bytes().split(b"\r\n")
    middle = len(records) // 2
    path.write_bytes(b"\r\n".join([*records[:middle], b'"' + records[middle], *records[middle + 1 :]]))
    return 0


def reorder_columns(path: Path) -> int:
    """Turn the order of the columns round."""
    write_records(path, [record[::-1] for record in read_records(path)])
    return 0


def add_column(path: Path) -> int:
    """Add a column that the mapping does not know."""
    header, *records = read_records(path)
    write_records(path, [[*header, "비고"], *([*record, "확인"] for record in records)])
    return 0


def add_blank_lines(path: Path) -> int:
    """Put two blank lines between records."""
    content = path.read_bytes()
    place = content.index(b"\n", len(content) // 2) + 1
    path.write_bytes(content[:place] + b"\r\n\r\n" + content[place:])
    return 0


def lose_final_newline(path: Path) -> int:
    """End without a line break."""
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))
    return 0


def decompose_name(path: Path) -> int:
    """Name the file as macOS does."""
    path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))
    return 0
