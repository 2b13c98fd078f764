"""The manifest: the files and record counts that a hospital says it sent, so that a truncated file is noticed.

A delivery may hold `manifest.json`:

    {"files": {"환자기본_202611.csv": {"sha256": "9f86d0...", "records": 187},
               "영상.xlsx": {"records": {"CT": 380, "MRI": 41}}}}

The records of a workbook are given by sheet; a plain number is meant for each of its sheets that is read.
Either of the two facts may be left out; a file that is not listed is not checked.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.identity.scan import mask_identifiers
from warehouse.errors import DeliveryError

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class FileClaim:
    """What the manifest says of one file; None where it says nothing."""

    sha256: str | None
    records: int | Mapping[str, int] | None

    def records_of(self, sheet: str | None) -> int | None:
        """How many records are claimed for the file, or for one of its sheets."""
        return self.records.get(sheet or "") if isinstance(self.records, Mapping) else self.records


@dataclass(frozen=True)
class Manifest:
    """The claims by file name in NFC."""

    files: Mapping[str, FileClaim]

    def check_presence(self, names: set[str]) -> None:
        """Check that every listed file came; DeliveryError otherwise."""
        missing = sorted(set(self.files) - names)
        if missing:
            raise DeliveryError(
                f"{MANIFEST_NAME} lists {', '.join(map(mask_identifiers, missing))}, which is not in the delivery. "
                f"Ask for the missing file, or correct the manifest."
            )

    def check_sha256(self, name: str, sha256: str) -> None:
        """Check a file's hash; DeliveryError when it is another file than the one that was sent."""
        claim = self.files.get(name)
        if claim and claim.sha256 and claim.sha256 != sha256:
            raise DeliveryError(
                f"{name}: the SHA-256 is {sha256[:12]}…, but {MANIFEST_NAME} says {claim.sha256[:12]}…. "
                f"The file was cut short or changed on its way; ask for it again."
            )

    def check_records(self, name: str, records: int, *, sheet: str | None = None) -> None:
        """Check the number of records of a file or of one of its sheets; DeliveryError when it differs."""
        claimed = self._claimed(name, sheet)
        if claimed is not None and claimed != records:
            where = f"{name}, sheet '{sheet}'" if sheet else name
            raise DeliveryError(
                f"{where}: {records:,} records, but {MANIFEST_NAME} says {claimed:,}. "
                f"Was the file cut short? Ask for it again, or correct the manifest."
            )

    def says_empty(self, name: str, *, sheet: str | None = None) -> bool:
        """Return whether the file, or one of its sheets, is meant to hold no record."""
        return self._claimed(name, sheet) == 0

    def _claimed(self, name: str, sheet: str | None) -> int | None:
        claim = self.files.get(name)
        return claim.records_of(sheet) if claim else None


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; DeliveryError when it does not have the form stated above."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DeliveryError(f"{path.name}: not readable as JSON. Correct it, or leave it out.") from error
    files = content.get("files") if isinstance(content, dict) else None
    if not isinstance(files, dict):
        raise DeliveryError(f'{path.name}: expected {{"files": {{name: {{"sha256": …, "records": …}}}}}}. Correct it.')
    return Manifest(
        {unicodedata.normalize("NFC", name): _read_claim(path, name, claim) for name, claim in files.items()}
    )


def _read_claim(path: Path, name: str, claim: Any) -> FileClaim:
    sha256, records = (claim.get("sha256"), claim.get("records")) if isinstance(claim, dict) else (0, 0)
    is_hash = sha256 is None or isinstance(sha256, str)
    counts = records.values() if isinstance(records, dict) else () if records is None else (records,)
    is_count = all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in counts)
    if not (is_hash and is_count):
        raise DeliveryError(
            f"{path.name}: the entry of {mask_identifiers(name)} needs a text 'sha256' and a whole number 'records', "
            f"or one for each sheet."
        )
    if isinstance(records, dict):
        records = {unicodedata.normalize("NFC", sheet): count for sheet, count in records.items()}
    return FileClaim(sha256.lower() if isinstance(sha256, str) else None, records)
