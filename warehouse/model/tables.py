"""Every table of the warehouse as SQLAlchemy sees it.

`core` and `current` are projected from the canonical model, the rest is stated here and in `bookkeeping`. The
migrations do not import this: they are frozen, and a test binds the migrated database to it.
"""

import re
from functools import cache
from typing import Any

import sqlalchemy as sa

from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from warehouse.model.bookkeeping import audit_tables, quality_tables
from warehouse.model.study_tables import study_tables

ADDRESS_COMMENTS = {
    "site_id": "The hospital; the person is (site_id, patient_id).",
    "load_id": "The load that the row came with (audit.load).",
    "source_id": "The file or sheet that the row came from (audit.source_file).",
    "source_file": "The file that the row came from.",
    "source_sheet": "The sheet in the file, if it has sheets.",
    "source_record": "Number of the record in the file or sheet, from 1, header not counted.",
    "source_ordinal": "Which of the record's rows: 1000 * part + slot.",
}


@cache
def warehouse_metadata() -> sa.MetaData:
    """Describe all tables: core, audit, quality, reference, study; every table and column carries its comment."""
    metadata = sa.MetaData()
    for table in all_tables():
        _core_table(metadata, table)
    audit_tables(metadata)
    quality_tables(metadata)
    _reference_tables(metadata)
    study_tables(metadata)
    return metadata


def current_view_columns(table: TableFacts) -> dict[str, str]:
    """Name the columns of current.<table> in order, each with its comment."""
    return {
        "site_id": ADDRESS_COMMENTS["site_id"],
        **{column.name: column_comment(column) for column in table.columns},
        **{
            name: ADDRESS_COMMENTS[name]
            for name in ("source_file", "source_sheet", "source_record", "source_ordinal", "load_id")
        },
    }


def column_comment(column: ColumnFacts) -> str:
    """Write a column's comment: its description, the code list that its values come from, the column of its unit."""
    codes = f" Code list: {column.codes}." if column.codes else ""
    unit = f" The unit stands in {column.unit_column}." if column.unit_column else ""
    return column.description + codes + unit


def _core_table(metadata: sa.MetaData, table: TableFacts) -> None:
    address = {
        "load_id": sa.Integer(),
        "source_id": sa.Integer(),
        "source_record": sa.BigInteger(),
        "source_ordinal": sa.Integer(),
    }
    sa.Table(
        table.name,
        metadata,
        *(sa.Column(name, kind, comment=ADDRESS_COMMENTS[name]) for name, kind in address.items()),
        *(
            sa.Column(
                column.name,
                _sql_type(column.sql_type),
                comment=column_comment(column),
            )
            for column in table.columns
        ),
        schema="core",
        comment=f"One row per {table.grain.removeprefix('one ')}, of every load.",
    )


def _sql_type(name: str) -> sa.types.TypeEngine[Any]:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", name):
        return sa.Numeric(int(decimal[1]), int(decimal[2]))
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "VARCHAR": sa.String(),
        "DATE": sa.Date(),
        "SMALLINT": sa.SmallInteger(),
        "BOOLEAN": sa.Boolean(),
    }
    return types[name]


def _reference_tables(metadata: sa.MetaData) -> None:
    sa.Table(
        "code",
        metadata,
        sa.Column("code_list", sa.String, comment="Name of the code list (schemas/codelists/)."),
        sa.Column("code", sa.String, comment="The code that is stored."),
        sa.Column("label", sa.String, comment="Its meaning in English."),
        sa.Column("label_ko", sa.String, comment="Its meaning in Korean."),
        sa.Column("source", sa.String, comment="Where the code comes from."),
        sa.Column("position", sa.SmallInteger, comment="Order of display, from 1."),
        schema="reference",
        comment="The closed vocabularies of the canonical model.",
    )
    sa.Table(
        "analyte",
        metadata,
        sa.Column("analyte_code", sa.String, comment="The analyte (code list analyte)."),
        sa.Column("loinc_code", sa.String, comment="Its LOINC code."),
        sa.Column("unit", sa.String, comment="The common unit (UCUM)."),
        sa.Column("plausible_from", sa.Numeric(18, 6), comment="Lowest plausible value, in the common unit."),
        sa.Column("plausible_to", sa.Numeric(18, 6), comment="Highest plausible value, in the common unit."),
        schema="reference",
        comment="The laboratory catalogue.",
    )
    sa.Table(
        "unit_conversion",
        metadata,
        sa.Column("analyte_code", sa.String, comment="The analyte."),
        sa.Column("from_unit", sa.String, comment="Unit as reported (UCUM)."),
        sa.Column("to_unit", sa.String, comment="The analyte's common unit (UCUM)."),
        sa.Column("factor", sa.Numeric(18, 9), comment="What a reported number is multiplied by."),
        sa.Column("source", sa.String, comment="Where the factor comes from."),
        schema="reference",
        comment="Factors from reported units to common units.",
    )
    sa.Table(
        "ctcae_term",
        metadata,
        sa.Column("term", sa.String, comment="The CTCAE 4.03 term."),
        sa.Column("meddra_llt_code", sa.String, comment="MedDRA 12.0 lowest-level term code of the term."),
        sa.Column("soc", sa.String, comment="System organ class."),
        sa.Column("grades", sa.ARRAY(sa.SmallInteger), comment="The grades that the term has."),
        schema="reference",
        comment="The terms of CTCAE 4.03.",
    )
    sa.Table(
        "lab_term",
        metadata,
        sa.Column("lab_term", sa.String, comment="The term together with what is measured for it."),
        sa.Column("term", sa.String, comment="The CTCAE 4.03 term (reference.ctcae_term)."),
        sa.Column("analyte_code", sa.String, comment="The analyte that it grades (code list analyte)."),
        sa.Column("direction", sa.String, comment="Whether low or high values are graded."),
        sa.Column("normal_limit", sa.String, comment="The limit of normal needed: lln, uln, uln_or_baseline, or none."),
        sa.Column("limit_from", sa.Numeric(18, 6), comment="No laboratory's limit is lower, in the common unit."),
        sa.Column("limit_to", sa.Numeric(18, 6), comment="No laboratory's limit is higher, in the common unit."),
        sa.Column("absurd_below", sa.Numeric(18, 6), comment="No patient can have less, in the common unit."),
        sa.Column("absurd_above", sa.Numeric(18, 6), comment="No patient can have more, in the common unit."),
        sa.Column("source", sa.String, comment="Where the term comes from."),
        schema="reference",
        comment="The terms of CTCAE 4.03 that are graded by laboratory values.",
    )
    sa.Table(
        "lab_criterion",
        metadata,
        sa.Column("lab_term", sa.String, comment="The term (reference.lab_term)."),
        sa.Column("grade", sa.SmallInteger, comment="The grade that it gives."),
        sa.Column(
            "basis",
            sa.String,
            comment="What is compared: times_uln, times_lln, absolute, times_baseline, rise, times_cutoff or clinical.",
        ),
        sa.Column("comparator", sa.String, comment="How the value lies to the limit: >, >=, < or <=."),
        sa.Column("limit_value", sa.Numeric(18, 6), comment="The multiple, the limit itself, or the rise."),
        sa.Column("unit", sa.String, comment="Unit of an absolute limit or a rise (UCUM); empty for multiples."),
        sa.Column("condition", sa.String, comment="What else must be known: fasting, anticoagulated, symptomatic ..."),
        sa.Column("criterion", sa.String, comment="The criterion in words."),
        sa.Column("source", sa.String, comment="Where the criterion comes from."),
        schema="reference",
        comment="The laboratory criteria of CTCAE 4.03, one row per grade, kind of limit and unit.",
    )
    sa.Table(
        "child_pugh_class",
        metadata,
        sa.Column("points_from", sa.SmallInteger, comment="The fewest points of the class."),
        sa.Column("points_to", sa.SmallInteger, comment="The most points of the class."),
        sa.Column("class_code", sa.String, comment="The class (code list child_pugh_class)."),
        sa.Column("source", sa.String, comment="Where the class comes from."),
        schema="reference",
        comment="The Child-Pugh class of the points.",
    )
    sa.Table(
        "lab_spelling",
        metadata,
        sa.Column("kind", sa.String, comment="term, analyte or unit."),
        sa.Column("spelling", sa.String, comment="Another spelling, in small letters; of units without spaces."),
        sa.Column("meaning", sa.String, comment="The lab_term, analyte code or unit (UCUM) that it means."),
        schema="reference",
        comment="How terms, analytes and units may also be written in a file for `hcc grade`.",
    )
    _event_tables(metadata)
    sa.Table(
        "study_option",
        metadata,
        sa.Column("name", sa.String, comment="Name of the option."),
        sa.Column("value", sa.String, comment="Its value."),
        sa.Column("unit", sa.String, comment="Unit of the value, or the choices that it can take."),
        sa.Column("description", sa.String, comment="What the option decides."),
        sa.Column("default_value", sa.String, comment="Its value in schemas/reference/study_option.csv."),
        sa.Column("chosen_by", sa.String, comment="Who chose another value with `hcc option`; empty for the default."),
        sa.Column("chosen_at", sa.DateTime, comment="When it was chosen (UTC); empty for the default."),
        schema="reference",
        comment="The study's numbers and choices; every report prints them.",
    )


def _event_tables(metadata: sa.MetaData) -> None:
    """Describe what adverse events are coded and graded by."""
    tables: dict[str, tuple[str, dict[str, tuple[sa.types.TypeEngine[Any], str]]]] = {
        "event_synonym": (
            "How charts write the terms of CTCAE 4.03; a spelling of two terms stands for two events.",
            {
                "spelling": (sa.String(), "The words; case, spaces and punctuation do not matter."),
                "term": (sa.String(), "The CTCAE 4.03 term that they mean (reference.ctcae_term)."),
                "language": (sa.String(), "ko or en."),
                "source": (sa.String(), "Where the spelling comes from."),
                "reviewer": (sa.String(), "Who vouches for it."),
            },
        ),
        "event_word": (
            "Words that deny, doubt or date back an event, say that there was nothing, or count grades.",
            {
                "kind": (sa.String(), "reading, nothing or numeral."),
                "place": (sa.String(), "Where it stands: before, after, anywhere, whole or grade."),
                "word": (sa.String(), "The word in small letters."),
                "meaning": (sa.String(), "event, negated, doubtful, history, disease, or the number."),
                "source": (sa.String(), "Where the word comes from."),
            },
        ),
        "event_category": (
            "The groups of terms in which the study counts adverse events.",
            {
                "category": (sa.String(), "dermatologic, gastroenterologic, hypertension, liver or bleeding."),
                "term": (sa.String(), "The CTCAE 4.03 term (reference.ctcae_term)."),
                "counts_if": (
                    sa.String(),
                    "The study option, with its value, under which alone it belongs; else empty.",
                ),
                "source": (sa.String(), "Why it belongs to the group."),
            },
        ),
        "event_measure": (
            "What is counted or measured for adverse events.",
            {
                "measure": (sa.String(), "What is measured."),
                "unit": (sa.String(), "Its unit (UCUM)."),
                "compared": (sa.String(), "value, rise over baseline, or fall_percent of baseline."),
                "lowest": (sa.Numeric(9, 3), "No patient has less."),
                "highest": (sa.Numeric(9, 3), "No patient has more."),
                "source": (sa.String(), "Where the bounds come from."),
            },
        ),
        "event_criterion": (
            "The criteria of CTCAE 4.03 that go by numbers, one row per term, measure and grade.",
            {
                "term": (sa.String(), "The CTCAE 4.03 term (reference.ctcae_term)."),
                "measure": (sa.String(), "What is measured (reference.event_measure)."),
                "grade": (sa.SmallInteger(), "The grade that it gives."),
                "comparator": (sa.String(), "How the number lies to the limit: >= or >."),
                "limit_value": (sa.Numeric(9, 3), "The limit."),
                "hours_above": (sa.Numeric(9, 3), "It must also have lasted for more hours than this; else empty."),
                "criterion": (sa.String(), "The criterion in words."),
                "source": (sa.String(), "Where the criterion comes from."),
            },
        ),
        "event_translation": (
            "Which grades of other versions of CTCAE mean the same in 4.03; the most particular row counts.",
            {
                "version": (sa.String(), "The other version (code list ctcae_version)."),
                "term": (sa.String(), "The CTCAE 4.03 term; empty for all that have no row of their own."),
                "grade": (sa.SmallInteger(), "The grade; empty for all that have no row of their own."),
                "is_same": (sa.Boolean(), "Whoever has the grade in that version has the same one in 4.03."),
                "reason": (sa.String(), "Why, or why not."),
                "source": (sa.String(), "What was compared."),
            },
        ),
    }
    for name, (comment, columns) in tables.items():
        facts = [sa.Column(column, kind, comment=text) for column, (kind, text) in columns.items()]
        sa.Table(name, metadata, *facts, schema="reference", comment=comment)
