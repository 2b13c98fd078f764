"""The command that grades a CSV file by CTCAE 4.03, without a warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import AsJson
from etl.commands.show import show_rows, tell

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the answer into this CSV file.", metavar="CSV")
]


def grade(
    labs: Annotated[
        Path,
        typer.Argument(
            help="Columns: id, term (or analyte), value, unit, lln, uln, baseline; optional: fasting, anticoagulated, "
            "symptomatic, physiologic_consequences, transfusion, hospitalized, life_threatening, hemorrhage, is_baseline "
            "(yes/no), percent_change, infarction_cutoff, albumin_g_dl. Cells may be empty. The unit 'same' says that value "
            "and limits share one.",
            metavar="LABS.CSV",
        ),
    ],
    *,
    output: Output = None,
    is_lab_only: Annotated[
        bool,
        typer.Option("--lab-only", help="Numbers alone decide; transfusion, symptoms and the like are not looked at."),
    ] = False,
    is_worst_case: Annotated[
        bool,
        typer.Option("--worst-case", help="Symptoms that are not known count as present (hypokalemia, hyperuricemia)."),
    ] = False,
    is_guarded: Annotated[
        bool, typer.Option("--wnl-guard", help="A value inside its normal range is grade 0, absolute limits or not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade laboratory results in a CSV file by CTCAE 4.03, by the same rules as the warehouse, and without one.

    Adds to the file's columns: grade (0 to 4, empty when ungradable), criterion, and reason: why there is no grade, or
    what to know of it. Nothing is guessed: what cannot be read or is missing makes a row ungradable, and the reason says
    so. An analyte in place of a term gives a row for each of its terms, named in ctcae_term.

    Example:
    hcc grade labs.csv
    hcc grade labs.csv -o graded.csv
    hcc grade labs.csv --lab-only --worst-case --json
    """
    from etl.grading.labs import grade_labs
    from etl.plain_file import write_plain_file

    chosen = {
        "lab_grade_mode": "lab_only" if is_lab_only else "",
        "lab_grade_symptoms_unknown": "worst_case" if is_worst_case else "",
        "lab_grade_wnl_guard": "true" if is_guarded else "",
    }
    if output is not None and output.resolve() == labs.resolve():
        raise typer.BadParameter("the answer would overwrite the file that it is read from", param_hint="--output")
    graded = grade_labs(labs, options={name: value for name, value in chosen.items() if value})
    if output is None:
        show_rows(graded.columns, graded.rows, as_json=as_json)
        return
    count = write_plain_file(output, graded.columns, graded.rows)
    show_rows(("grade", "reason", "rows"), graded.counts, as_json=as_json)
    tell(f"{output}: {count:,} rows.")
