"""Correcting: what a hospital would send after it put right everything that it was asked about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.sheet import Sheet


def correct(spoilt: Sequence[Sheet], answers: Iterable[PlantedDefect]) -> list[Sheet]:
    """Put back what the answer key says stood at each address, and take out the records that were added."""
    by_sheet: dict[tuple[str, str], list[PlantedDefect]] = {}
    for answer in answers:
        by_sheet.setdefault((answer.file, answer.sheet), []).append(answer)
    return [_correct_sheet(sheet, by_sheet.get((sheet.file, sheet.sheet or ""), [])) for sheet in spoilt]


def _correct_sheet(sheet: Sheet, answers: Sequence[PlantedDefect]) -> Sheet:
    records = sheet.records.copy()
    added: list[int] = []
    ragged = dict(sheet.ragged)
    for answer in answers:
        assert answer.record is not None, "a defect of a cell or record has a record"
        if answer.column:
            records.iloc[answer.record - 1, records.columns.get_loc(answer.column)] = answer.original
        elif answer.original:
            ragged.pop(answer.record, None)
            records.iloc[answer.record - 1] = answer.original.split("\x1f")
        else:
            added.append(answer.record - 1)
    return replace(sheet, records=records.drop(index=records.index[added]), ragged=ragged)
