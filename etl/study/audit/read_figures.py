"""Read a CSV file of printed figures, one figure a line, and refuse a file that cannot be read as one."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

from etl.study.audit.figure import STATISTICS, Figure, read_print
from warehouse.errors import DeliveryError, NotFoundError

LONGEST_CELL = 10_000
REQUIRED = ("row", "group", "statistic", "printed")
PATIENTS = ("size", "denominator")
"""Counts that everything is divided by: whole numbers from 1. A printed `n` can be a percentage in its place."""
MOST_PATIENTS = 10**9
LONGEST_SHOWN = 40
MOST_FIGURES = 20_000
"""More than any publication prints; the checks compare figures in pairs."""
_TEXTS = tuple(field.name for field in fields(Figure) if field.type is str or field.type == "str")


def read_figures(path: Path) -> tuple[Figure, ...]:
    """Read the printed figures of a CSV file in UTF-8; docs/reference/audit_table.md describes its columns.

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
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    figures: list[Figure] = []
    try:
        _check_header(path, lines.fieldnames or ())
        for line in lines:
            figures.append(_figure(path, lines.line_num, line))
            if len(figures) > MOST_FIGURES:
                raise DeliveryError(
                    f"{path}: the file has more than {MOST_FIGURES:,} figures. Audit one publication at a time."
                )
    except csv.Error as error:  # also a cell beyond the limit of the csv module, which other libraries may have moved
        raise DeliveryError(f"{path}, line {lines.reader.line_num}: the line is not CSV ({error}).") from None
    _refuse_repeated(path, figures)
    return tuple(figures)


def _check_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise DeliveryError(f"{path}: the header lacks {', '.join(missing)}. It must hold {', '.join(REQUIRED)}.")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise DeliveryError(f"{path}: the header names the column '{twice}' twice.")


def _figure(path: Path, number: int, line: dict[str, str | None]) -> Figure:
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in line.values()):
        raise DeliveryError(
            f"{path}, line {number}: the line is not CSV of figures: a cell has more than {LONGEST_CELL:,} signs."
        )
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
        shown = cells["printed"] if len(cells["printed"]) <= LONGEST_SHOWN else cells["printed"][:LONGEST_SHOWN] + "..."
        raise DeliveryError(f"{path}, line {number}: '{shown}' is not a number, and no value is given.")
    if value is not None and not _can_be(value, cells):
        raise DeliveryError(f"{path}, line {number}: '{cells['printed']}' is no number of patients.")
    for column in ("part_of", "sum_of"):
        if not all("=" in part for part in cells[column].split(" + ") if cells[column]):
            raise DeliveryError(f"{path}, line {number}: {column} must be variable=level, not '{cells[column]}'.")
    cells["figure_id"] = cells["figure_id"] or f"line {number}"
    cells["variable"] = cells["variable"] or cells["row"]
    cells["level_code"] = cells["level_code"] or cells["level"]
    return Figure(value=Fraction(value) if value is not None else None, decimals=decimals, **cells)


def _can_be(value: Fraction, cells: Mapping[str, str]) -> bool:
    """Say whether a printed number of patients can be one; every other figure can be any number."""
    if cells["statistic"] == "n":
        return 0 <= value <= MOST_PATIENTS
    if cells["statistic"] in PATIENTS:
        is_plain = not cells["bound"] and "%" not in cells["printed"] and value.denominator == 1
        return is_plain and 1 <= value <= MOST_PATIENTS
    return True


def _refuse_repeated(path: Path, figures: Iterable[Figure]) -> None:
    seen: set[str] = set()
    for figure in figures:
        if figure.figure_id in seen:
            raise DeliveryError(f"{path}: two figures are called '{figure.figure_id}'.")
        seen.add(figure.figure_id)
