"""Code lists of a site: CSV files `code,value` that turn the hospital's codes into canonical ones."""

import csv
import io
import re
import unicodedata
from pathlib import Path

from etl.mapping.language.site_mapping import CodeFile
from etl.mapping.language.yaml_lines import Flaw

HEADER = ("code", "value")
_REFERENCE = re.compile(r"codes/[^A-Z/\\.\s][^A-Z/\\]*\.csv")


def read_code_file(folder: Path, reference: str) -> tuple[CodeFile | None, list[Flaw], str | None]:
    """Read codes/<name>.csv of a site's folder.

    The header begins with `code,value`; further columns are comments. An empty value means that the code is known
    and has no canonical value.

    Returns:
        the list; what is wrong inside the file, by line; and why the reference itself is refused, if it is.
    """
    refusal = check_reference(folder, reference)
    if refusal:
        return None, [], refusal
    path = folder / reference
    try:
        text = unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, [Flaw(1, "the file is not UTF-8; save it as 'CSV UTF-8'.")], None
    entries: dict[str, str | None] = {}
    lines: dict[str, int] = {}
    flaws: list[Flaw] = []
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(rows, []))
        if header[:2] != HEADER:
            found = ",".join(header) or "nothing"
            return None, [Flaw(1, f"the header must begin with 'code,value'; found '{found}'.")], None
        for row in rows:
            _read_entry(row, len(header), line=rows.line_num, entries=entries, lines=lines, flaws=flaws)
    except csv.Error:
        flaws.append(Flaw(rows.line_num, "the line is not valid CSV; check its quotes."))
    if not entries and not flaws:
        flaws.append(Flaw(1, "the list holds no entry."))
    return CodeFile(Path(reference).stem, path, entries, lines), flaws, None


def check_reference(folder: Path, reference: str) -> str | None:
    """Explain why a reference to a CSV file of the site's folder is refused, if it is."""
    if not _REFERENCE.fullmatch(reference):
        return f"'{reference}' is not a code list; they lie in the site's own folder: codes/<name>.csv, in lower case."
    path = folder / reference
    if not path.resolve().is_relative_to(folder.resolve()):
        return f"'{reference}' leads out of the site's folder through a link; put the file itself there."
    if not path.is_file():
        near = sorted(entry.name for entry in (folder / "codes").glob("*.csv"))
        return f"there is no file '{reference}' in the site's folder (found: {', '.join(near) or 'none'})."
    return None


def _read_entry(
    row: list[str], width: int, *, line: int, entries: dict[str, str | None], lines: dict[str, int], flaws: list[Flaw]
) -> None:
    if not any(cell.strip() for cell in row):
        return
    if len(row) != width:
        flaws.append(Flaw(line, f"the line has {len(row)} fields, the header {width}."))
        return
    code, value = row[0].strip(), row[1].strip()
    if not code:
        flaws.append(Flaw(line, "the code is empty."))
    elif code in entries:
        flaws.append(Flaw(line, f"the code '{code}' is listed twice (first on line {lines[code]})."))
    else:
        entries[code], lines[code] = value or None, line
