"""Defects of single cells and records, all in one delivery; nobody has two, so that none hides another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, Record, RecordDefect
from etl.synthetic.sheet import Sheet

RECORDS = "records"


@dataclass
class _Page:
    """A sheet while it is spoilt."""

    sheet: Sheet
    header: list[str]
    rows: list[list[str]]
    ragged: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def record(self, number: int) -> Record:
        return dict(zip(self.header, self.rows[number - 1], strict=True))


@dataclass
class _Spoiling:
    """The delivery while it is spoilt, and the patients that must be left alone."""

    site_id: str
    plan: DefectPlan
    pages: list[_Page]
    rng: np.random.Generator
    died_on: dict[str, str] = field(default_factory=dict)
    untouchable: set[str] = field(default_factory=set)

    def page(self, begin: str) -> _Page:
        return next(page for page in self.pages if page.sheet.name.startswith(begin))


def spoil_records(
    site_id: str, clean: Sequence[Sheet], *, plan: DefectPlan, seed: int
) -> tuple[list[Sheet], list[PlantedDefect]]:
    """Plant every defect of single cells and records; the clean sheets stay as they are."""
    pages = [
        _Page(sheet, [*sheet.records.columns], [list(row) for row in sheet.records.itertuples(index=False, name=None)])
        for sheet in clean
    ]
    spoiling = _Spoiling(site_id, plan, pages, np.random.default_rng([seed, len(plan.cells)]))
    _look_around(spoiling)
    planted = [answer for defect in plan.cells for answer in _spoil_cells(spoiling, defect)]
    planted += [answer for defect in plan.records for answer in _spoil_whole(spoiling, defect)]
    spoilt = [
        replace(page.sheet, records=pd.DataFrame(page.rows, columns=page.header), ragged=page.ragged) for page in pages
    ]
    return spoilt, planted


def _look_around(spoiling: _Spoiling) -> None:
    """Note who died when, and who has one of the clean delivery's own oddities."""
    plan = spoiling.plan
    page = spoiling.page(plan.follow_up)
    patient, death = page.header.index(plan.patient_column), page.header.index(plan.death_column)
    spoiling.died_on.update({row[patient]: row[death] for row in page.rows if row[death]})
    for page in spoiling.pages:
        if plan.patient_column in page.header:
            patient = page.header.index(plan.patient_column)
            spoiling.untouchable |= {row[patient] for row in page.rows if plan.oddities & set(row)}


def _spoil_cells(spoiling: _Spoiling, defect: CellDefect) -> Iterator[PlantedDefect]:
    """Spoil a cell, and its partner where two are swapped."""
    page = spoiling.page(defect.sheet)
    for number in _choose(spoiling, page, defect.times, defect.fits):
        before = page.record(number)
        after = {defect.column: defect.spoil(before)}
        if defect.partner:
            after[defect.partner] = before[defect.column]
        page.rows[number - 1] = [after.get(column, cell) for column, cell in before.items()]
        for column, rule in ((defect.column, defect.rule), (defect.partner, defect.partner_rule)):
            if column:
                yield _answer(
                    spoiling, page, number, column=column, kind=defect.kind, rule=rule,
                    cost=defect.cost if rule else "", table=defect.table, planted=after[column], original=before[column],
                )  # fmt: skip


def _spoil_whole(spoiling: _Spoiling, defect: RecordDefect) -> Iterator[PlantedDefect]:
    """Spoil a record in its place, or add a spoilt one below the others."""
    page = spoiling.page(defect.sheet)
    for chosen in _choose(spoiling, page, defect.times, defect.fits):
        before = page.rows[chosen - 1]
        after = defect.spoil(before)
        number = chosen
        if defect.is_added:
            page.rows.append(after)
            number = len(page.rows)
        elif len(after) == len(before):
            page.rows[chosen - 1] = after
        else:
            page.ragged[chosen] = tuple(after)
        yield _answer(
            spoiling, page, number, column="", kind=defect.kind, rule=defect.rule, cost="row", table=defect.table,
            planted=join_cells(after), original="" if defect.is_added else join_cells(before),
        )  # fmt: skip


def join_cells(cells: Sequence[str]) -> str:
    """Write a record's cells as one text for the answer key."""
    return "\x1f".join(cells)


def _answer(
    spoiling: _Spoiling,
    page: _Page,
    number: int,
    *,
    column: str,
    kind: str,
    rule: str,
    cost: str,
    table: str,
    planted: str,
    original: str,
) -> PlantedDefect:
    above = spoiling.plan.header_lines
    line = None if above is None else number + above
    return PlantedDefect(
        RECORDS, spoiling.site_id, page.sheet.file, page.sheet.sheet or "", number, line, column,
        page.sheet.cell(line, column), kind, rule, cost, table, planted, original,
    )  # fmt: skip


def _choose(spoiling: _Spoiling, page: _Page, times: int, fits: Callable[[Record], bool]) -> Iterator[int]:
    """Choose records, by number from 1, of patients who have no defect yet."""
    chosen = 0
    for number in (spoiling.rng.permutation(len(page.rows)) + 1).tolist():
        record = page.record(number)
        patient = record[spoiling.plan.patient_column]
        death = {spoiling.plan.death_column: spoiling.died_on.get(patient, "")}
        if patient in spoiling.untouchable or not fits(record | death):
            continue
        spoiling.untouchable.add(patient)
        yield number
        chosen += 1
        if chosen == times:
            return
    raise LookupError(f"{page.sheet.name}: fewer than {times} records can be spoilt so")
