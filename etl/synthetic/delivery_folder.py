"""The folder of a synthetic delivery: marked, with its manifest, under its name only when it is whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from etl.delivery.folder import SYNTHETIC_MARK
from etl.delivery.manifest import MANIFEST_NAME
from warehouse.errors import RefusedError
from warehouse.file.whole_folder import whole_folder

_MARK_TEXT = """\
SYNTHETIC DATA. Every patient, name, number, date and value in this folder was made up by a program.
Nothing in it comes from a real person or from the hospital whose export it imitates.

합성 자료입니다. 이 폴더의 모든 환자, 이름, 번호, 날짜, 수치는 프로그램이 지어낸 것이며,
실제 환자나 해당 병원의 자료가 아닙니다.
"""


@contextmanager
def new_delivery(folder: Path) -> Iterator[Path]:
    """Lend an empty folder to write into, and give it its name at the end; an older synthetic delivery there goes.

    Raises:
        RefusedError: what is there was not made by this program.
    """
    _check_synthetic(folder)
    with whole_folder(folder) as partial:
        yield partial
        _check_synthetic(folder)


def seal_delivery(folder: Path, records: Mapping[str, int | Mapping[str, int]]) -> None:
    """Mark a delivery as synthetic, and state the hash and records of its files, sheet by sheet, in its manifest."""
    mark_delivery(folder)
    claims = {}
    for name in sorted(name for name in records if (folder / name).is_file()):
        with (folder / name).open("rb") as file:
            claims[name] = {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "records": records[name]}
    text = json.dumps({"files": claims}, ensure_ascii=False, indent=1)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def mark_delivery(folder: Path) -> None:
    """Mark a delivery as synthetic."""
    (folder / SYNTHETIC_MARK).write_text(_MARK_TEXT, encoding="utf-8")


def _check_synthetic(folder: Path) -> None:
    if folder.exists() and not (folder / SYNTHETIC_MARK).is_file():
        raise RefusedError(
            f"{folder} is there and holds no {SYNTHETIC_MARK}, so it may be real. "
            f"Nothing was written; move it away, or name another folder."
        )
