"""Checklists of reporting guidelines: each item, and where the report answers it."""

import csv
from collections.abc import Mapping
from pathlib import Path

from etl.study.report.document import Block, Cell, Column, Fold, Link, Part, Row, Section, Table
from etl.study.report.setting import label_cell, sentence

FOLDER = Path(__file__).with_name("checklists")
"""One CSV a checklist: item, topic, asks (in our own short words), where (anchors of the page, with spaces between),
answer (how; or `not applicable: why`; or `not answered: why`)."""

CHECKLISTS = {
    "strobe": "STROBE (cohort studies; von Elm et al., 2007)",
    "record": "RECORD (routinely collected data; Benchimol et al., 2015)",
    "remark": "REMARK (prognostic markers; McShane et al., 2005, Altman et al., 2012)",
}


def checklists_section(anchors: Mapping[str, str]) -> Section:
    """Set every checklist.

    Args:
        anchors: titles of the page's sections and headings by anchor. An item whose every place is missing on the page,
            since the study does not ask for it, is not answered.
    """
    blocks: list[Block] = []
    for name, title in CHECKLISTS.items():
        rows = read_checklist(name)
        answered = sum(1 for row in rows if _places(row, anchors))
        about = f"{answered} of {len(rows)} items are answered on this page"
        blocks.append(Fold(title, (_table(name, title, rows, anchors=anchors),), about))
    lead = "What the guidelines ask, in short words of our own, and where this page answers it."
    return Section("checklists", "Checklists", lead, tuple(blocks))


def read_checklist(name: str) -> list[dict[str, str]]:
    """Read the items of a checklist."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(name: str, title: str, rows: list[dict[str, str]], *, anchors: Mapping[str, str]) -> Table:
    columns = (
        Column("Item", is_number=False),
        Column("Topic", is_number=False),
        Column("What it asks", is_number=False),
        Column("Where it is answered", is_number=False),
    )
    set_rows = tuple(
        Row((label_cell(row["item"]), Cell((row["topic"],)), Cell((row["asks"],)), Cell(_answer(row, anchors))))
        for row in rows
    )
    return Table(f"checklist_{name}", "", title, columns, set_rows)


def _places(row: Mapping[str, str], anchors: Mapping[str, str]) -> list[str]:
    return [place for place in row["where"].split() if place in anchors]


def _answer(row: Mapping[str, str], anchors: Mapping[str, str]) -> tuple[Part, ...]:
    places = _places(row, anchors)
    parts: list[Part] = []
    for place in places:
        parts += [", " if parts else "", Link(anchors[place], f"#{place}")]
    if not places and row["where"]:
        return ("Not answered: this study does not ask for it.",)
    if row["answer"]:
        parts.append(f"{': ' if parts else ''}{row['answer'] if parts else sentence(row['answer'])}")
    return tuple(part for part in parts if part)
