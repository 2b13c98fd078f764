"""One row per patient: records of a domain become numbered groups of columns, and what has no room a further row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from etl.synthetic.writers.workbook import JOINT

ID = "연구번호"
"""The column of the patient's number, in every frame."""


@dataclass(frozen=True)
class Block:
    """Groups of columns that look alike.

    Attributes:
        name: of a group; `{}` stands for its number.
        groups: how many stand side by side.
        frames: the records, a column per item and the patient's number; record k of each frame shares a group.
    """

    name: str
    groups: int
    frames: Sequence[pd.DataFrame]


def spread(blocks: Sequence[Block]) -> tuple[list[str], dict[str, list[dict[str, str]]]]:
    """Spread records over numbered groups.

    Returns:
        the columns in order, and the rows of each patient as cells by column; the first row is full before a second
        one begins.
    """
    columns = [column for block in blocks for number in range(block.groups) for column in _columns_of(block, number)]
    rows: dict[str, list[dict[str, str]]] = {}
    for block in blocks:
        for patient, row, cells in _places(block):
            of_patient = rows.setdefault(patient, [])
            of_patient.extend({} for _ in range(row + 1 - len(of_patient)))
            of_patient[row].update(cells)
    return columns, rows


def _columns_of(block: Block, number: int) -> Iterator[str]:
    for frame in block.frames:
        for item in frame.columns:
            if item != ID:
                yield _header(block, number, item)


def _places(block: Block) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Say of every record whose it is, in which of the patient's rows it stands, and its cells."""
    for frame in block.frames:
        items = [item for item in frame.columns if item != ID]
        order = frame.groupby(ID).cumcount()
        for patient, place, cells in zip(
            frame[ID], order, frame[items].itertuples(index=False, name=None), strict=True
        ):
            row, number = divmod(place, block.groups)
            yield patient, row, {_header(block, number, item): text for item, text in zip(items, cells, strict=True)}


def _header(block: Block, number: int, item: str) -> str:
    return f"{block.name.format(number + 1)}{JOINT}{item}"
