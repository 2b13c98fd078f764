"""Defects of single cells and records, all in one delivery; nobody has two, so that none hides another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.defects.delivery_copy import (
    Records,
    copy_delivery,
    count_in_manifest,
    find_file,
    read_records,
    write_records,
)
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, Record, RecordDefect
from etl.synthetic.delivery_folder import seal_delivery

DEFECT_SET = "records"


@dataclass
class _Spoiling:
    """The delivery while it is spoilt: its files as records, and the patients that must be left alone."""

    site_id: str
    plan: DefectPlan
    paths: dict[str, Path]
    files: dict[str, Records]
    rng: np.random.Generator
    died_on: dict[str, str] = field(default_factory=dict)
    untouchable: set[str] = field(default_factory=set)


def write_record_defects(
    folder: Path, site_id: str, clean: Path, *, plan: DefectPlan, seed: int
) -> tuple[list[Path], list[PlantedDefect]]:
    """Write the delivery with every defect of single cells and records; its manifest fits it."""
    delivery = copy_delivery(folder, DEFECT_SET, site_id, clean)
    begins = sorted(
        {defect.file for defect in plan.cells} | {defect.file for defect in plan.records} | {plan.follow_up}
    )
    paths = {begin: find_file(delivery, begin) for begin in begins}
    files = {begin: read_records(path) for begin, path in paths.items()}
    spoiling = _Spoiling(site_id, plan, paths, files, np.random.default_rng([seed, len(plan.cells)]))
    _look_around(spoiling)
    planted = [answer for defect in plan.cells for answer in _spoil_cells(spoiling, defect)]
    planted += [answer for defect in plan.records for answer in _spoil_records(spoiling, defect)]
    counts = count_in_manifest(delivery)
    for begin, path in paths.items():
        write_records(path, files[begin])
        counts[path.name] = len(files[begin]) - 1
    seal_delivery(delivery, counts)
    return [delivery], planted


def _look_around(spoiling: _Spoiling) -> None:
    """Note who died when, and who has one of the clean delivery's own oddities."""
    plan = spoiling.plan
    header, *records = spoiling.files[plan.follow_up]
    patient, death = header.index(plan.patient_column), header.index(plan.death_column)
    spoiling.died_on.update({record[patient]: record[death] for record in records})
    for header, *records in spoiling.files.values():
        patient = header.index(plan.patient_column)
        spoiling.untouchable |= {record[patient] for record in records if plan.oddities & set(record)}


def _spoil_cells(spoiling: _Spoiling, defect: CellDefect) -> Iterator[PlantedDefect]:
    """Spoil a cell, and its partner where two are swapped."""
    records = spoiling.files[defect.file]
    header = records[0]
    for number in _choose(spoiling, defect.file, defect.times, defect.fits):
        before = dict(zip(header, records[number], strict=True))
        after = {defect.column: defect.spoil(before)}
        if defect.partner:
            after[defect.partner] = before[defect.column]
        records[number] = [after.get(column, cell) for column, cell in before.items()]
        for column, rule in ((defect.column, defect.rule), (defect.partner, defect.partner_rule)):
            if column == defect.column or rule:
                yield PlantedDefect(
                    DEFECT_SET, spoiling.site_id, spoiling.paths[defect.file].name, number, number + 1, column,
                    defect.kind, rule, defect.cost, defect.table, after[column], before[column],
                )  # fmt: skip


def _spoil_records(spoiling: _Spoiling, defect: RecordDefect) -> Iterator[PlantedDefect]:
    """Spoil a record in its place, or add a spoilt one below the others."""
    records = spoiling.files[defect.file]
    for number in _choose(spoiling, defect.file, defect.times, lambda _: True):
        before = records[number]
        after = defect.spoil(before)
        if defect.is_added:
            records.append(after)
        else:
            records[number] = after
        place = len(records) - 1 if defect.is_added else number
        yield PlantedDefect(
            DEFECT_SET, spoiling.site_id, spoiling.paths[defect.file].name, place, place + 1, "", defect.kind,
            defect.rule, "row", defect.table, ",".join(after), "" if defect.is_added else ",".join(before),
        )  # fmt: skip


def _choose(spoiling: _Spoiling, begin: str, times: int, fits: Callable[[Record], bool]) -> Iterator[int]:
    """Choose records of patients who have no defect yet; a record's number is its place after the header."""
    records = spoiling.files[begin]
    header = records[0]
    chosen = 0
    for number in (spoiling.rng.permutation(len(records) - 1) + 1).tolist():
        record = dict(zip(header, records[number], strict=True))
        patient = record[spoiling.plan.patient_column]
        death = {spoiling.plan.death_column: spoiling.died_on.get(patient, "")}
        if patient in spoiling.untouchable or not fits(death | record):
            continue
        spoiling.untouchable.add(patient)
        yield number
        chosen += 1
        if chosen == times:
            return
    raise LookupError(f"{begin}: fewer than {times} records can be spoilt so")
