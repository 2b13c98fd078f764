"""The tables of studies: what a study file asks (`reference.study...`), and what statistics answered (`study`)."""

from typing import Any

import sqlalchemy as sa

Kind = sa.types.TypeEngine[Any]
Columns = dict[str, tuple[Kind, str]]

TEXT: Kind = sa.String()
WHOLE: Kind = sa.Integer()
NUMBER: Kind = sa.Double()
STUDY: Columns = {"study_id": (TEXT, "Name of the study, as of its file under studies/.")}
POSITION: Columns = {"position": (WHOLE, "Order in the study file, from 1.")}
LABELS: Columns = {"label": (TEXT, "What readers see, in English."), "label_ko": (TEXT, "The same in Korean.")}
TITLES: Columns = {"title": (TEXT, "Title in English."), "title_ko": (TEXT, "Title in Korean.")}
FOOTNOTES: Columns = {
    "footnote": (TEXT, "What a reader must know, in English; empty when there is nothing."),
    "footnote_ko": (TEXT, "The same in Korean."),
}

DEFINITIONS: dict[str, tuple[str, Columns]] = {
    "study": (
        "The studies, one row per file under studies/.",
        STUDY
        | TITLES
        | {
            "source": (TEXT, "The publication that the study repeats."),
            "definition_sha256": (
                TEXT,
                "SHA-256 of what the study file says, and of the printed figures that it names.",
            ),
        },
    ),
    "study_population": (
        "The populations of the studies.",
        STUDY | {"population": (TEXT, "Name of the population.")} | POSITION | LABELS,
    ),
    "study_condition": (
        "Who belongs to a population: patients who have one of the levels of every variable named.",
        STUDY
        | {
            "population": (TEXT, "The population."),
            "variable": (TEXT, "The variable."),
            "level": (TEXT, "A level that belongs; a variable with several has a row for each."),
        },
    ),
    "study_variable": (
        "The variables of the studies: a column of analysis.cohort as a number or in levels.",
        STUDY
        | {"variable": (TEXT, "Name of the variable.")}
        | POSITION
        | LABELS
        | {
            "column_name": (TEXT, "The column of analysis.cohort."),
            "is_number": (sa.Boolean(), "A number (true), or levels (false)."),
            "unit": (TEXT, "Unit, after the division."),
            "divide_by": (NUMBER, "What the column's number is divided by."),
            "decimals": (WHOLE, "Decimals of means in tables."),
            "onset": (
                TEXT,
                "Kind of analysis.onset: it is known only from that day on; empty when known at time zero.",
            ),
        },
    ),
    "study_applicability": (
        "Of whom a variable can be known at all, such as the duration of a response of those who have one.",
        STUDY
        | {
            "variable": (TEXT, "The variable."),
            "by_variable": (TEXT, "The variable that decides."),
            "level": (TEXT, "A level of it to whose patients the variable applies."),
        },
    ),
    "study_level": (
        "The levels of the variables; the first one is the reference of models.",
        STUDY | {"variable": (TEXT, "The variable."), "level": (TEXT, "Name of the level.")} | POSITION | LABELS,
    ),
    "study_level_value": (
        "Which cells belong to a level: those of one value, or numbers in an interval.",
        STUDY
        | {
            "variable": (TEXT, "The variable."),
            "level": (TEXT, "The level."),
            "cell": (TEXT, "A value of the column, as text; empty when the row is an interval."),
            "lower_bound": (NUMBER, "Lower end of the interval; empty when it has none."),
            "is_lower_included": (sa.Boolean(), "The lower end belongs to it."),
            "upper_bound": (NUMBER, "Upper end of the interval; empty when it has none."),
            "is_upper_included": (sa.Boolean(), "The upper end belongs to it."),
        },
    ),
    "study_table": (
        "The tables of the studies.",
        STUDY
        | {"table_id": (TEXT, "Name of the table.")}
        | POSITION
        | TITLES
        | {
            "population": (TEXT, "Who is in it."),
            "group_variable": (TEXT, "The variable whose levels are its columns; empty when all are in one."),
        }
        | FOOTNOTES,
    ),
    "study_row": (
        "The rows of the tables: a variable each.",
        STUDY
        | {"table_id": (TEXT, "The table.")}
        | POSITION
        | {"variable": (TEXT, "The variable.")}
        | LABELS
        | {
            "shown_levels": (sa.ARRAY(sa.String()), "Levels that are printed; empty when all are."),
            "summary": (TEXT, "How a number is printed: mean_sd, mean, median or median_quartiles."),
            "published_test": (TEXT, "The test that the publication used; empty when it names none."),
        }
        | FOOTNOTES,
    ),
    "study_endpoint": (
        "The endpoints of the studies: days to an event or to censoring.",
        STUDY
        | {"endpoint": (TEXT, "Name of the endpoint.")}
        | LABELS
        | {
            "time_column": (TEXT, "Column of analysis.cohort with the days."),
            "event_column": (TEXT, "Column that is true where the event was seen."),
            "competing_time_column": (TEXT, "Days to the event or the competing one, whichever came first."),
            "competing_event_column": (TEXT, "Column that is true where either was seen."),
        },
    ),
    "study_curve": (
        "The Kaplan-Meier curves of the studies.",
        STUDY
        | {"curve": (TEXT, "Name of the curve.")}
        | POSITION
        | TITLES
        | {
            "endpoint": (TEXT, "The endpoint."),
            "population": (TEXT, "Who is in it."),
            "by_variable": (TEXT, "The variable whose levels are compared; empty for one curve of all."),
            "figure": (TEXT, "The figure of the publication."),
        },
    ),
    "study_model": (
        "The models of the studies.",
        STUDY
        | {"model": (TEXT, "Name of the model.")}
        | POSITION
        | TITLES
        | {
            "population": (TEXT, "Who is in it."),
            "outcome_variable": (TEXT, "The variable that a logistic model explains; empty for a Cox model."),
            "outcome_level": (TEXT, "Its level that counts as the outcome."),
            "endpoint": (TEXT, "The endpoint that a Cox model explains; empty for a logistic model."),
            "selection": (TEXT, "each (every variable on its own), all, or forward_conditional."),
            "significant_in": (
                TEXT,
                "The model of each variable alone whose P values choose the candidates; else empty.",
            ),
        },
    ),
    "published_figure": (
        "Every figure that a publication prints, with the number of ours that it is compared with.",
        STUDY
        | {
            "figure_id": (TEXT, "Name of the figure."),
            "place": (TEXT, "Where it is printed."),
            "row_label": (TEXT, "The row or the sentence that it stands in, and its level."),
            "printed_group": (TEXT, "The group that it is printed for."),
            "statistic": (TEXT, "What it is: size, n, percent, mean, sd, median, odds_ratio, low, high, p ..."),
            "printed": (TEXT, "The figure as printed."),
            "value": (NUMBER, "The same as a number; empty when it is a claim in words."),
            "bound": (TEXT, "< or > for a print such as <0.001; empty for a plain figure."),
            "decimals": (WHOLE, "Decimals printed."),
            "unit": (TEXT, "Unit of the figure."),
            "analysis_id": (TEXT, "The analysis of ours; empty when there is none."),
            "variable": (TEXT, "Its variable."),
            "level": (TEXT, "Its level."),
            "group_level": (TEXT, "Its group."),
            "operation": (TEXT, "Its operation, as in analysis.result."),
            "note": (TEXT, "What a reader must know of the figure."),
        },
    ),
}
"""reference.study...: rows of the study files, loaded when the files have changed."""

RESULTS: dict[str, tuple[str, Columns]] = {
    "run": (
        "The last computation of each study's statistics, and what it was computed from.",
        STUDY
        | {
            "loads": (TEXT, "The current loads, e.g. `hill=4, north=7`."),
            "options_md5": (TEXT, "MD5 of the study options, as in analysis.study_state."),
            "definition_sha256": (TEXT, "SHA-256 of what the study file says."),
            "versions": (TEXT, "Versions of the program and of the libraries that computed it."),
            "seed": (WHOLE, "Seed of everything that was drawn."),
            "computed_at": (sa.DateTime(), "When (UTC)."),
        },
    ),
    "result": (
        "Every number that a statistical library computed, one row each; ten significant digits.",
        STUDY
        | {
            "analysis_id": (TEXT, "The analysis, such as table_1 or model.long_term_multivariable."),
            "population": (TEXT, "Who is in it."),
            "variable": (TEXT, "The variable; empty for a number of the whole analysis."),
            "level": (TEXT, "Its level; empty for a number of the whole variable."),
            "group_level": (TEXT, "The group, stratum or hospital; empty for a number of all."),
            "sequence": (WHOLE, "Place in a series, such as the step of a selection or of a curve; else 0."),
            "method": (TEXT, "The method, such as welch_t or cox_breslow."),
            "operation": (TEXT, "What the number is: estimate, low, high, p, statistic, df, n, events ..."),
            "value": (NUMBER, "The number; empty when it cannot be computed, see note."),
            "text": (TEXT, "What is said in words, such as infinite."),
            "note": (TEXT, "What a reader must know of the number, or why there is none."),
        },
    ),
}
"""study...: written by `hcc study`."""


def study_tables(metadata: sa.MetaData) -> None:
    """Add the tables to the metadata."""
    for schema, tables in (("reference", DEFINITIONS), ("study", RESULTS)):
        for name, (comment, columns) in tables.items():
            facts = [sa.Column(column, kind, comment=text) for column, (kind, text) in columns.items()]
            sa.Table(name, metadata, *facts, schema=schema, comment=comment)
