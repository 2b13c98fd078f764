"""Defects of whole files, each in a delivery of its own."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from etl.synthetic.defects.answer_key import REFUSED, PlantedDefect
from etl.synthetic.defects.delivery_copy import (
    copy_delivery,
    count_in_manifest,
    find_file,
    forget_manifest,
    read_records,
    write_records,
)
from etl.synthetic.synthesize import seal_delivery

_LABS, _PATIENTS, _PROCEDURES = "검사결과", "환자기본", "시술"


@dataclass(frozen=True)
class FileDefect:
    """How a file is spoilt, and what must come of it.

    Attributes:
        defect_set: the folder's name.
        kind: what was done, in words.
        file: how the file's name begins.
        spoil: rewrites the file, and returns the number of the record that is spoilt, 0 for the whole file.
        rule: the rule that must find it, `DeliveryError`, or empty when nothing must be said.
        cost: what the finding costs.
        manifest: `fits` the spoilt file, is the one that was `sent`, or there is `none`.
        column: the column that the finding speaks of.
        table: the canonical table that the finding speaks of.
    """

    defect_set: str
    kind: str
    file: str
    spoil: Callable[[Path], int]
    rule: str
    cost: str = ""
    manifest: str = "fits"
    column: str = ""
    table: str = ""


def _cut_in_half(path: Path) -> int:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return 0


def _cut_at_record(path: Path) -> int:
    records = read_records(path)
    write_records(path, records[: len(records) * 2 // 5])
    return 0


def _lose_encoding(path: Path) -> int:
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp949"))
    return 0


def _add_subtotal(path: Path) -> int:
    records = read_records(path)
    write_records(path, [*records, ["합계", f"{len(records) - 1}건"]])
    return len(records)


def _double_header(path: Path) -> int:
    records = read_records(path)
    records[0][-1] = records[0][-2]
    write_records(path, records)
    return 0


def _repeat_header(path: Path) -> int:
    records = read_records(path)
    middle = len(records) // 2
    write_records(path, [*records[:middle], records[0], *records[middle:]])
    return middle


def _insert_nul(path: Path) -> int:
    content = path.read_bytes()
    middle = content.index(b"\n", len(content) // 2) + 3
    path.write_bytes(content[:middle] + b"\0" + content[middle:])
    return 0


def _keep_header(path: Path) -> int:
    write_records(path, read_records(path)[:1])
    return 0


def _empty(path: Path) -> int:
    path.write_bytes(b"")
    return 0


def _remove(path: Path) -> int:
    path.unlink()
    return 0


def _remove_column(path: Path) -> int:
    write_records(path, [[*record[:-3], *record[-2:]] for record in read_records(path)])
    return 0


def _send_page(path: Path) -> int:
    path.write_text(
        "<html><body><h1>403 Forbidden</h1>\n<p>세션이 만료되었습니다.</p></body></html>\n", encoding="utf-8"
    )
    return 0


def _open_quote(path: Path) -> int:
    records = path.read_bytes().split(b"\r\n")
    middle = len(records) // 2
    path.write_bytes(b"\r\n".join([*records[:middle], b'"' + records[middle], *records[middle + 1 :]]))
    return 0


def _reorder_columns(path: Path) -> int:
    write_records(path, [record[::-1] for record in read_records(path)])
    return 0


def _add_column(path: Path) -> int:
    header, *records = read_records(path)
    write_records(path, [[*header, "비고"], *([*record, "확인"] for record in records)])
    return 0


def _add_blank_lines(path: Path) -> int:
    content = path.read_bytes()
    place = content.index(b"\n", len(content) // 2) + 1
    path.write_bytes(content[:place] + b"\r\n\r\n" + content[place:])
    return 0


def _lose_final_newline(path: Path) -> int:
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))
    return 0


def _decompose_name(path: Path) -> int:
    path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))
    return 0


_FILE_DEFECTS = (
    FileDefect("truncated", "file cut in half", _LABS, _cut_in_half, REFUSED, manifest="sent"),
    FileDefect("shortened", "file cut between two records, after a full delivery", _LABS, _cut_at_record, REFUSED, manifest="none"),
    FileDefect("lost_encoding", "file saved as cp949", _PATIENTS, _lose_encoding, REFUSED),
    FileDefect("duplicate_header", "a column named twice", _PATIENTS, _double_header, REFUSED),
    FileDefect("nul_byte", "a NUL character in a record", _LABS, _insert_nul, REFUSED),
    FileDefect("open_quote", "a quote that is never closed", _LABS, _open_quote, REFUSED),
    FileDefect("header_only", "a header and no record", _PROCEDURES, _keep_header, REFUSED, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", _PROCEDURES, _empty, REFUSED, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PROCEDURES, _remove, REFUSED, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", _PROCEDURES, _remove_column, REFUSED),
    FileDefect("error_page", "a web page in place of the file", _PROCEDURES, _send_page, REFUSED, manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LABS, _add_subtotal, "ragged_record", "row"),
    FileDefect("repeated_header", "the header again in the middle", _LABS, _repeat_header, "unlisted_code", "row", column="검사코드", table="lab_result"),
    FileDefect("added_column", "a column that nobody knows", _PROCEDURES, _add_column, "unused_column", "none", column="비고"),
    FileDefect("blank_lines", "blank lines between records", _LABS, _add_blank_lines, "blank_lines", "none"),
    FileDefect("no_final_newline", "no line break at the end", _LABS, _lose_final_newline, "no_final_newline", "none"),
    FileDefect("reordered_columns", "columns in another order", _LABS, _reorder_columns, ""),
    FileDefect("decomposed_name", "a file name in decomposed Hangul", _PATIENTS, _decompose_name, "", manifest="sent"),
)  # fmt: skip


def write_file_defects(
    folder: Path,
    site_id: str,
    clean: Path,
    *,
    seed: int,  # noqa: ARG001 - the same for every kind of defect
) -> tuple[list[Path], list[PlantedDefect]]:
    """Write one delivery for each defect of a whole file."""
    made, planted = [], []
    for defect in _FILE_DEFECTS:
        delivery = copy_delivery(folder, defect.defect_set, site_id, clean)
        path = find_file(delivery, defect.file)
        counts = count_in_manifest(delivery)
        record = defect.spoil(path)
        if defect.manifest == "none":
            forget_manifest(delivery)
        elif defect.manifest == "fits":
            seal_delivery(delivery, counts | {path.name: counts[path.name] + (record > 0)})
        made.append(delivery)
        planted.append(
            PlantedDefect(
                defect.defect_set, site_id, path.name, record or None, record + 1 if record else None, defect.column,
                defect.kind, defect.rule, defect.cost, defect.table, "", "",
            )
        )  # fmt: skip
    return made, planted
