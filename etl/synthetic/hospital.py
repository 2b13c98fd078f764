"""A synthetic hospital: how it reports the truth, what its files hold, how they are written, what goes wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from etl.synthetic.defects.kinds import DefectPlan
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study

Tables = dict[str, pd.DataFrame]
"""Canonical rows by table, with the hospital's own patient numbers."""

RecordCounts = Mapping[str, int | Mapping[str, int]]
"""Records by file name; of a workbook, by the names of its sheets."""


class DeliveryWriter(Protocol):
    """Takes the sheets of a delivery, one after the other; what has one name grows."""

    def write(self, sheet: Sheet) -> None:
        """Append a sheet's records to the file, or sheet, of its name."""

    @property
    def records(self) -> RecordCounts:
        """Records so far."""


@dataclass(frozen=True)
class Hospital:
    """How one hospital exports.

    Attributes:
        delivery: the name of its delivery's folder.
        as_reported: one replica's canonical rows as this hospital reports them; what must be loaded. The flag says
            whether it is the first replica, which holds the delivery's oddities.
        render: the sheets that these rows become, as text cells; they know nothing of the mapping that reads them back.
        open: makes the files of a delivery in a folder, whole when the context ends.
        defects: what is planted into the delivery.
    """

    delivery: str
    as_reported: Callable[[Study, bool], Tables]
    render: Callable[[Study, bool], Iterator[Sheet]]
    open: Callable[[Path], AbstractContextManager[DeliveryWriter]]
    defects: DefectPlan


def export(hospital: Hospital, folder: Path, studies: Iterable[Study]) -> RecordCounts:
    """Write a hospital's clean delivery, one replica of the study after the other.

    Returns:
        the records that were written.
    """
    return write_sheets(
        hospital,
        folder,
        (sheet for number, study in enumerate(studies) for sheet in hospital.render(study, number == 0)),
    )


def write_sheets(hospital: Hospital, folder: Path, sheets: Iterable[Sheet]) -> RecordCounts:
    """Write sheets in a hospital's format; returns the records that were written."""
    with hospital.open(folder) as writer:
        for sheet in sheets:
            writer.write(sheet)
    return writer.records
