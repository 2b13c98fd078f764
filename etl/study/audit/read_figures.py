"""Read a CSV file of printed figures, one figure a line, and refuse a file that cannot be read as one."""

import csv
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

from etl.errors import DeliveryError, NotFoundError
from etl.study.audit.figure import STATISTICS, Figure, read_print

REQUIRED = ("row", "group", "statistic", "printed")
COUNTS = ("size", "n", "denominator")
_TEXTS = tuple(field.name for field in fields(Figure) if field.type is str or field.type == "str")


def read_figures(path: Path) -> tuple[Figure, ...]:
    """Read the printed figures of a CSV file in UTF-8; docs/audit_table.md describes its columns.

    Raises:
        NotFoundError: there is no such file.
        DeliveryError: a column, a statistic or a figure cannot be read; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(f"{path}: the file cannot be read as UTF-8 text ({type(error).__name__}).") from error
    lines = csv.DictReader(text.splitlines())
    missing = [name for name in REQUIRED if name not in (lines.fieldnames or ())]
    if missing:
        raise DeliveryError(f"{path}: the header lacks {', '.join(missing)}. It must hold {', '.join(REQUIRED)}.")
    figures = tuple(_figure(path, number, line) for number, line in enumerate(lines, start=2))
    _refuse_repeated(path, figures)
    return figures


def _figure(path: Path, number: int, line: dict[str, str | None]) -> Figure:
    if None in line or None in line.values():
        raise DeliveryError(f"{path}, line {number}: the line has not as many fields as the header.")
    cells = {name: (line.get(name) or "").strip() for name in _TEXTS}
    if cells["statistic"] not in STATISTICS:
        raise DeliveryError(
            f"{path}, line {number}: '{cells['statistic']}' is not a statistic. Choose from {', '.join(STATISTICS)}."
        )
    value, cells["bound"], decimals = read_print(cells["printed"])
    if value is None and line.get("value"):  # a number in words, such as eight
        value, cells["bound"], decimals = read_print(line["value"] or "")
    if value is None and cells["statistic"] != "adjusted_for":
        raise DeliveryError(f"{path}, line {number}: '{cells['printed']}' is not a number, and no value is given.")
    if value is not None and cells["statistic"] in COUNTS and value < (1 if cells["statistic"] == "size" else 0):
        raise DeliveryError(f"{path}, line {number}: '{cells['printed']}' is no number of patients.")
    for column in ("part_of", "sum_of"):
        if not all("=" in part for part in cells[column].split(" + ") if cells[column]):
            raise DeliveryError(f"{path}, line {number}: {column} must be variable=level, not '{cells[column]}'.")
    cells["figure_id"] = cells["figure_id"] or f"line {number}"
    cells["variable"] = cells["variable"] or cells["row"]
    cells["level_code"] = cells["level_code"] or cells["level"]
    return Figure(value=Fraction(value) if value is not None else None, decimals=decimals, **cells)


def _refuse_repeated(path: Path, figures: tuple[Figure, ...]) -> None:
    seen: set[str] = set()
    for figure in figures:
        if figure.figure_id in seen:
            raise DeliveryError(f"{path}: two figures are called '{figure.figure_id}'.")
        seen.add(figure.figure_id)
