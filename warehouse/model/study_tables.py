"""The tables of studies: what a study file asks (`reference.study...`), and what statistics answered (`study`).

A table of a study's definition is stated once, as the class of its rows: its fields are the columns, with their types
and comments, and `etl.study.definition.load` writes such rows by the names of the fields. A number that was computed is
stated so, too: an analysis makes a `StudyNumber`, and `study.result` is that with the name of the study before it.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from schemas.declared_table import Column, DeclaredTable

Position = Annotated[int, "Order in the study file, from 1."]
Label = Annotated[str, "What readers see, in English."]
LabelKorean = Annotated[str, "The same in Korean."]
Title = Annotated[str, "Title in English."]
TitleKorean = Annotated[str, "Title in Korean."]
Footnote = Annotated[str | None, "What a reader must know, in English; empty when there is nothing."]
FootnoteKorean = Annotated[str | None, "The same in Korean."]

SQL_TYPES: dict[Any, str] = {
    str: "VARCHAR",
    int: "INTEGER",
    float: "DOUBLE",
    bool: "BOOLEAN",
    datetime: "TIMESTAMP",
    tuple[str, ...]: "VARCHAR[]",
}
"""DuckDB's type for each type that a row's field may have."""


@dataclass(frozen=True, kw_only=True)
class StudyRow:
    """A row of a study; every table of studies begins with its name."""

    study_id: Annotated[str, "Name of the study, as of its file under studies/."]


@dataclass(frozen=True, kw_only=True)
class Study(StudyRow):
    """The studies, one row per file under studies/."""

    title: Title
    title_ko: TitleKorean
    source: Annotated[str, "The publication that the study repeats."]
    definition_sha256: Annotated[str, "SHA-256 of what the study file says, and of the printed figures that it names."]


@dataclass(frozen=True, kw_only=True)
class Population(StudyRow):
    """The populations of the studies."""

    population: Annotated[str, "Name of the population."]
    position: Position
    label: Label
    label_ko: LabelKorean


@dataclass(frozen=True, kw_only=True)
class Condition(StudyRow):
    """Who belongs to a population: patients who have one of the levels of every variable named."""

    population: Annotated[str, "The population."]
    variable: Annotated[str, "The variable."]
    level: Annotated[str, "A level that belongs; a variable with several has a row for each."]


@dataclass(frozen=True, kw_only=True)
class Variable(StudyRow):
    """The variables of the studies: a column of analysis.cohort as a number or in levels."""

    variable: Annotated[str, "Name of the variable."]
    position: Position
    label: Label
    label_ko: LabelKorean
    column_name: Annotated[str, "The column of analysis.cohort."]
    is_number: Annotated[bool, "A number (true), or levels (false)."]
    unit: Annotated[str | None, "Unit, after the division."]
    divide_by: Annotated[float, "What the column's number is divided by."]
    decimals: Annotated[int, "Decimals of means in tables."]
    onset: Annotated[
        str | None, "Kind of analysis.onset: it is known only from that day on; empty when known at time zero."
    ]


@dataclass(frozen=True, kw_only=True)
class Applicability(StudyRow):
    """Of whom a variable can be known at all, such as the duration of a response of those who have one."""

    variable: Annotated[str, "The variable."]
    by_variable: Annotated[str, "The variable that decides."]
    level: Annotated[str, "A level of it to whose patients the variable applies."]


@dataclass(frozen=True, kw_only=True)
class Level(StudyRow):
    """The levels of the variables; the first one is the reference of models."""

    variable: Annotated[str, "The variable."]
    level: Annotated[str, "Name of the level."]
    position: Position
    label: Label
    label_ko: LabelKorean


@dataclass(frozen=True, kw_only=True)
class LevelValue(StudyRow):
    """Which cells belong to a level: those of one value, or numbers in an interval."""

    variable: Annotated[str, "The variable."]
    level: Annotated[str, "The level."]
    cell: Annotated[str | None, "A value of the column, as text; empty when the row is an interval."]
    lower_bound: Annotated[float | None, "Lower end of the interval; empty when it has none."]
    is_lower_included: Annotated[bool | None, "The lower end belongs to it."]
    upper_bound: Annotated[float | None, "Upper end of the interval; empty when it has none."]
    is_upper_included: Annotated[bool | None, "The upper end belongs to it."]


@dataclass(frozen=True, kw_only=True)
class Table(StudyRow):
    """The tables of the studies."""

    table_id: Annotated[str, "Name of the table."]
    position: Position
    title: Title
    title_ko: TitleKorean
    population: Annotated[str, "Who is in it."]
    group_variable: Annotated[str | None, "The variable whose levels are its columns; empty when all are in one."]
    footnote: Footnote
    footnote_ko: FootnoteKorean


@dataclass(frozen=True, kw_only=True)
class TableRow(StudyRow):
    """The rows of the tables: a variable each."""

    table_id: Annotated[str, "The table."]
    position: Position
    variable: Annotated[str, "The variable."]
    label: Label
    label_ko: LabelKorean
    shown_levels: Annotated[tuple[str, ...] | None, "Levels that are printed; empty when all are."]
    summary: Annotated[str, "How a number is printed: mean_sd, mean, median or median_quartiles."]
    published_test: Annotated[str | None, "The test that the publication used; empty when it names none."]
    footnote: Footnote
    footnote_ko: FootnoteKorean


@dataclass(frozen=True, kw_only=True)
class Endpoint(StudyRow):
    """The endpoints of the studies: days to an event or to censoring."""

    endpoint: Annotated[str, "Name of the endpoint."]
    label: Label
    label_ko: LabelKorean
    time_column: Annotated[str, "Column of analysis.cohort with the days."]
    event_column: Annotated[str, "Column that is true where the event was seen."]
    competing_time_column: Annotated[str | None, "Days to the event or the competing one, whichever came first."]
    competing_event_column: Annotated[str | None, "Column that is true where either was seen."]


@dataclass(frozen=True, kw_only=True)
class Curve(StudyRow):
    """The Kaplan-Meier curves of the studies."""

    curve: Annotated[str, "Name of the curve."]
    position: Position
    title: Title
    title_ko: TitleKorean
    endpoint: Annotated[str, "The endpoint."]
    population: Annotated[str, "Who is in it."]
    by_variable: Annotated[str | None, "The variable whose levels are compared; empty for one curve of all."]
    figure: Annotated[str | None, "The figure of the publication."]


@dataclass(frozen=True, kw_only=True)
class Model(StudyRow):
    """The models of the studies."""

    model: Annotated[str, "Name of the model."]
    position: Position
    title: Title
    title_ko: TitleKorean
    population: Annotated[str, "Who is in it."]
    outcome_variable: Annotated[str | None, "The variable that a logistic model explains; empty for a Cox model."]
    outcome_level: Annotated[str | None, "Its level that counts as the outcome."]
    endpoint: Annotated[str | None, "The endpoint that a Cox model explains; empty for a logistic model."]
    selection: Annotated[str, "each (every variable on its own), all, or forward_conditional."]
    significant_in: Annotated[
        str | None, "The model of each variable alone whose P values choose the candidates; else empty."
    ]


@dataclass(frozen=True, kw_only=True)
class PublishedFigure(StudyRow):
    """Every figure that a publication prints, with the number of ours that it is compared with."""

    figure_id: Annotated[str, "Name of the figure."]
    place: Annotated[str, "Where it is printed."]
    row_label: Annotated[str, "The row or the sentence that it stands in, and its level."]
    printed_group: Annotated[str | None, "The group that it is printed for."]
    statistic: Annotated[str, "What it is: size, n, percent, mean, sd, median, odds_ratio, low, high, p ..."]
    printed: Annotated[str, "The figure as printed."]
    value: Annotated[float | None, "The same as a number; empty when it is a claim in words."]
    bound: Annotated[str | None, "< or > for a print such as <0.001; empty for a plain figure."]
    decimals: Annotated[int | None, "Decimals printed."]
    unit: Annotated[str | None, "Unit of the figure."]
    analysis_id: Annotated[str | None, "The analysis of ours; empty when there is none."]
    variable: Annotated[str | None, "Its variable."]
    level: Annotated[str | None, "Its level."]
    group_level: Annotated[str | None, "Its group."]
    operation: Annotated[str | None, "Its operation, as in analysis.result."]
    note: Annotated[str | None, "What a reader must know of the figure."]


@dataclass(frozen=True, kw_only=True)
class Run(StudyRow):
    """The last computation of each study's statistics, and what it was computed from."""

    loads: Annotated[str | None, "The current loads, e.g. `hill=4, north=7`."]
    options_md5: Annotated[str | None, "MD5 of the study options, as in analysis.study_state."]
    definition_sha256: Annotated[str | None, "SHA-256 of what the study file says."]
    versions: Annotated[str | None, "Versions of the program and of the libraries that computed it."]
    seed: Annotated[int | None, "Seed of everything that was drawn."]
    computed_at: Annotated[datetime, "When (UTC)."]


@dataclass(frozen=True, kw_only=True)
class StudyNumber:
    """One number that a statistical library computed: what it is (operation), of what, by which method."""

    analysis_id: Annotated[str, "The analysis, such as table_1 or model.long_term_multivariable."]
    population: Annotated[str, "Who is in it."]
    variable: Annotated[str | None, "The variable; empty for a number of the whole analysis."]
    level: Annotated[str | None, "Its level; empty for a number of the whole variable."]
    group_level: Annotated[str | None, "The group, stratum or hospital; empty for a number of all."]
    sequence: Annotated[int, "Place in a series, such as the step of a selection or of a curve; else 0."]
    method: Annotated[str, "The method, such as welch_t or cox_breslow."]
    operation: Annotated[str, "What the number is: estimate, low, high, p, statistic, df, n, events ..."]
    value: Annotated[float | None, "The number; empty when it cannot be computed, see note."]
    text: Annotated[str | None, "What is said in words, such as infinite."]
    note: Annotated[str | None, "What a reader must know of the number, or why there is none."]


@dataclass(frozen=True, kw_only=True)
class Result(StudyNumber, StudyRow):
    """Every number that a statistical library computed, one row each; ten significant digits."""


DEFINITIONS: dict[str, type[StudyRow]] = {
    "study": Study,
    "study_population": Population,
    "study_condition": Condition,
    "study_variable": Variable,
    "study_applicability": Applicability,
    "study_level": Level,
    "study_level_value": LevelValue,
    "study_table": Table,
    "study_row": TableRow,
    "study_endpoint": Endpoint,
    "study_curve": Curve,
    "study_model": Model,
    "published_figure": PublishedFigure,
}
"""reference.study...: rows of the study files, loaded when the files have changed."""

RESULTS: dict[str, type[StudyRow]] = {"run": Run, "result": Result}
"""study...: written by `hcc study`."""


def declare(row: type[StudyRow]) -> DeclaredTable:
    """Declare the table that holds such rows: its columns are the fields, its comment the first line of the class."""
    comment = (row.__doc__ or "").splitlines()[0]
    return DeclaredTable(comment, {field.name: _column(field.type) for field in fields(row)})


def _column(annotated: Any) -> Column:
    kind, comment = get_args(annotated)
    members = (kind,) if get_origin(kind) is tuple else get_args(kind) or (kind,)
    (member,) = (member for member in members if member is not NoneType)
    return Column(SQL_TYPES[member], comment)
