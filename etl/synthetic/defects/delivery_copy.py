"""A copy of a clean delivery to be spoilt, file by file, as text."""

import csv
import io
import json
import shutil
from pathlib import Path

from etl.manifest import MANIFEST_NAME
from etl.synthetic.exporters.csv_files import LINE_END

Records = list[list[str]]


def copy_delivery(folder: Path, defect_set: str, site_id: str, clean: Path) -> Path:
    """Copy a clean delivery to <folder>/<set>/<site>/<delivery>; an older copy goes."""
    copy = folder / defect_set / site_id / clean.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(clean, copy)
    return copy


def find_file(delivery: Path, begin: str) -> Path:
    """Find the first of the files whose name begins so."""
    return sorted(path for path in delivery.iterdir() if path.name.startswith(begin))[0]


def read_records(path: Path) -> Records:
    """Read a file's records, the header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write_records(path: Path, records: Records) -> None:
    """Write records as the exporter would."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=LINE_END).writerows(records)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def forget_manifest(delivery: Path) -> None:
    """Send the delivery without a manifest."""
    (delivery / MANIFEST_NAME).unlink()


def count_in_manifest(delivery: Path) -> dict[str, int]:
    """Read the number of records of every file from the manifest."""
    files = json.loads((delivery / MANIFEST_NAME).read_text(encoding="utf-8"))["files"]
    return {name: int(claim["records"]) for name, claim in files.items()}
