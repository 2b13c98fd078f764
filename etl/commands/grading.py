"""The command `hcc grade`: grade a CSV file by CTCAE 4.03, without a warehouse."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from etl.commands.options import AsJson, LineBreaksIn, Output, RuleOption, read_settings
from etl.commands.own_file import check_not_overwritten, named_options
from etl.commands.show import print_on_stderr, show_rows


def grade(
    labs: Annotated[
        Path | None,
        typer.Argument(
            help="Laboratory results. Columns: id, term (or analyte), value, unit, lln, uln, baseline; optional: fasting, "
            "anticoagulated, symptomatic, physiologic_consequences, transfusion, hospitalized, life_threatening, hemorrhage, "
            "is_baseline (yes/no), percent_change, infarction_cutoff, albumin_g_dl. Cells may be empty. The unit 'same' "
            "says that value and limits share one; others are read by rule (10³/㎕, K/uL, g/㎗).",
            metavar="LABS.CSV",
            show_default=False,
        ),
    ] = None,
    *,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events",
            help="Adverse events, in place of laboratory results. Columns: id, verbatim (or term), reported_grade, "
            "ctcae_version; optional: systolic, diastolic, temperature_c, temperature_hours, weight_kg, baseline_weight_kg, "
            "stools_per_day, baseline_stools_per_day, body_surface_percent, vomiting_per_day, urine_protein_g_24h, "
            "urine_protein_dipstick, qtc_ms, baseline_qtc_ms, qtc_501_ecgs (on so many ECGs 501 ms or more), "
            "neutrophils_10_9_l, antihypertensive_drugs (how many), antihypertensive_intensified, serious_arrhythmia (yes/no).",
            metavar="EVENTS.CSV",
        ),
    ] = None,
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
    line_breaks_in: LineBreaksIn = None,
    option: RuleOption = None,
    as_json: AsJson = False,
) -> None:
    """Grade laboratory results or adverse events in a CSV file by CTCAE 4.03, by the warehouse's rules, and without one.

    Laboratory results: adds grade (0 to 4, empty when ungradable), grade_at_least (the least grade that is certain of a
    value known as a bound, such as <30), criterion, and reason: why there is no grade, or what to know of it. A limit of
    normal that cannot be used counts as missing. An analyte in place of a term gives a row for each of its terms, named
    in ctcae_term.

    Adverse events: adds term, meddra_code, soc, category, grade, is_valid and reason. Words, Korean or English, are coded
    by a list of spellings; a text that names several events gives a row for each. Numbers grade what has no reported
    grade. A file with a column term gets the term found as ctcae_term.

    Nothing is guessed: what cannot be read or is missing leaves the grade empty, and the reason says so.

    Example:
    hcc grade labs.csv
    hcc grade labs.csv -o graded.csv
    hcc grade labs.csv --lab-only --worst-case --json
    hcc grade labs.csv --option lab_grade_glucose_not_fasting=zero
    hcc grade --events events.csv -o coded.csv
    hcc grade --events events.csv --option event_anorexia=gastroenterologic
    hcc grade --events events.csv --line-breaks-in note
    """
    from etl.own_files.grading.events import event_options, grade_events
    from etl.own_files.grading.labs import grade_labs, lab_options
    from etl.own_files.scratch import bounded

    chosen = {
        "lab_grade_mode": "lab_only" if is_lab_only else "",
        "lab_grade_symptoms_unknown": "worst_case" if is_worst_case else "",
        "lab_grade_wnl_guard": "true" if is_guarded else "",
    }
    flags = {name: value for name, value in chosen.items() if value}
    path = _only_file(labs, events)
    check_not_overwritten(path, output)
    if events is not None and flags:
        raise typer.BadParameter("it is about laboratory results", param_hint="--lab-only, --worst-case, --wnl-guard")
    known, example = (
        (lab_options(), "lab_grade_glucose_not_fasting=zero")
        if events is None
        else (event_options(), "event_anorexia=gastroenterologic")
    )
    options = named_options(option, known, example=example) | flags
    settings = read_settings()
    notes = line_breaks_in or ()
    with bounded(memory_limit=settings.memory_limit, threads=settings.threads, output=output) as engine:
        if events is None:
            graded = grade_labs(path, options=options, engine=engine, line_breaks_in=notes)
            _answer(graded.columns, graded.rows, graded.counts, output=output, as_json=as_json)
        else:
            coded = grade_events(path, options=options, engine=engine, line_breaks_in=notes)
            _answer(coded.columns, coded.rows, coded.counts, output=output, as_json=as_json)


def _only_file(labs: Path | None, events: Path | None) -> Path:
    """Take the one file that was named."""
    if labs is not None and events is None:
        return labs
    if events is not None and labs is None:
        return events
    raise typer.BadParameter(
        "name one file: laboratory results as LABS.CSV, or adverse events after --events", param_hint="LABS.CSV"
    )


def _answer(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    counts: Sequence[Sequence[Any]],
    *,
    output: Path | None,
    as_json: bool,
) -> None:
    """Show the rows; or write them and show the count of each grade and reason."""
    from etl.own_files.answer_file import write_answer

    if output is None:
        show_rows(columns, list(rows), as_json=as_json)
        return
    count = write_answer(output, columns, rows, is_as_given=True)
    show_rows(("grade", "reason", "rows"), counts, as_json=as_json)
    print_on_stderr(f"{output}: {count:,} rows.")
