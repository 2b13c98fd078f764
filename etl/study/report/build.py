"""Put the report of a study together from the warehouse, section by section."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from etl.study.report.characteristics import TOTAL, group_table
from etl.study.report.checklists import checklists_section
from etl.study.report.concordance import concordance_section
from etl.study.report.document import Block, Document, Fold, Heading, Part, Section
from etl.study.report.models import models_section
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline
from etl.study.report.patient_flow import flow_section
from etl.study.report.provenance import State, options_section, provenance_section
from etl.study.report.response import response_section
from etl.study.report.safety import safety_section
from etl.study.report.sensitivity import sensitivity_section
from etl.study.report.survival import ALL, survival_section
from etl.study.report.validation import validation_section

if TYPE_CHECKING:
    import duckdb

    from etl.study.report.pictures import Pictures

_SUPPLEMENT = "table_s"
_KEY_NUMBERS = 4


def build_document(
    con: "duckdb.DuckDBPyConnection", outline: Outline, *, numbers: Numbers, state: State, pictures: "Pictures"
) -> Document:
    """Put the report together; a section without content is left out."""
    found = [
        flow_section(con, numbers, pictures=pictures),
        _characteristics(con, numbers, outline=outline, pictures=pictures),
        survival_section(con, numbers, outline=outline, pictures=pictures),
        response_section(con, outline=outline, pictures=pictures),
        models_section(numbers, outline=outline, pictures=pictures),
        sensitivity_section(numbers, outline=outline),
        validation_section(numbers, outline=outline, pictures=pictures),
        safety_section(con, numbers, outline=outline, pictures=pictures),
        concordance_section(con, numbers, outline=outline),
        options_section(con),
        provenance_section(con, state, outline=outline),
    ]
    sections = [section for section in found if section is not None and section.blocks]
    sections.insert(-2, checklists_section(_anchors(sections)))
    return Document(
        study_id=outline.study_id,
        title=outline.title,
        source=outline.source or "",
        is_synthetic=state.is_synthetic,
        is_current=state.is_current,
        key_numbers=_key_numbers(numbers, outline),
        sections=tuple(sections),
    )


def _characteristics(
    con: "duckdb.DuckDBPyConnection", numbers: Numbers, *, outline: Outline, pictures: "Pictures"
) -> Section:
    blocks: list[Block] = []
    supplement: list[Block] = []
    for table in outline.tables:
        is_supplement = table.name.startswith(_SUPPLEMENT)
        number = _table_number(table.name)
        made = group_table(con, numbers, outline=outline, table=table, number=number)
        if is_supplement:
            supplement.append(Fold(made.caption, (made,)))
        else:
            blocks.append(made)
    if outline.tables and outline.tables[0].group:
        blocks.append(_differences(numbers, outline, pictures))
    if supplement:
        blocks += [Heading("Supplementary tables", "supplement"), *supplement]
    lead = "Tables of the study over the population that each names, by group. The letter at a P value names its test."
    return Section("characteristics", "Tables", lead, tuple(blocks))


def _table_number(name: str) -> str:
    """Table 1 or Table S2; nothing for a table that the publication does not number."""
    suffix = name.removeprefix("table_")
    return f"Table {suffix.upper()}" if suffix.removeprefix("s").isdecimal() else ""


def _differences(numbers: Numbers, outline: Outline, pictures: "Pictures") -> Block:
    """The standardised differences of the first table as a figure."""
    import pandas as pd

    from etl.study.figures.standardised_differences import standardised_differences

    table = outline.tables[0].name
    rows = []
    for name in numbers.distinct(table, "variable"):
        number = numbers.find(table, "standardised_difference", variable=name)
        if number is not None:
            rows.append((name, number.raw_value))
    order = list(outline.variables)
    rows.sort(key=lambda row: order.index(row[0]))

    def frame(*, is_korean: bool) -> pd.DataFrame:
        labels = [
            outline.korean.get((name, ""), name) if is_korean else outline.variables[name].label for name, _ in rows
        ]
        return pd.DataFrame({"label": labels, "value": pd.array([value for _, value in rows], dtype="float64")})

    return pictures.draw(
        "standardised_differences",
        f"Standardised differences of {_table_number(table) or outline.tables[0].title}.",
        lambda setting: standardised_differences(frame(is_korean=setting.language == "ko"), setting),
    )


def _key_numbers(numbers: Numbers, outline: Outline) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    """Sizes of the populations of the tables, and medians of the curves that compare nothing."""
    found: list[tuple[str, tuple[Part, ...]]] = []
    eligible = next(
        (numbers.by_key[key] for key in numbers.keys("flow") if key[1:2] == ("eligible",) and key[5] == "patients"),
        None,
    )
    if eligible is not None:
        found.append(("Eligible patients", (eligible,)))
    if outline.tables:
        table = outline.tables[0]
        size = numbers.find(table.name, "patients", group=TOTAL)
        if size is not None:
            found.append((outline.populations[table.population], (size,)))
    for curve in outline.curves:
        median = numbers.find(f"curve.{curve.name}", "median", group=ALL)
        if median is not None:
            found.append((f"Median {curve.endpoint_label.lower()}", (median, " months")))
    return tuple(found[:_KEY_NUMBERS])


def _anchors(sections: list[Section]) -> dict[str, str]:
    """Titles of everything on the page that a checklist can point to."""
    return dict(_named(sections)) | {"top": "the top of this page"}


def _named(sections: list[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        yield section.name, section.title
        for block in section.blocks:
            if isinstance(block, Heading) and block.name:
                yield block.name, f"{section.title}, {block.title.lower()}"
