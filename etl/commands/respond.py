"""The command `hcc respond`: tumour response by mRECIST for a file, without a warehouse."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from etl.commands.options import AsJson, LineBreaksIn, Output, RuleOption, read_settings
from etl.commands.own_file import named_options
from etl.commands.show import print_on_stderr, show_json, show_rows


def respond(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header; see above for its columns.", metavar="FILE")],
    *,
    output: Output = None,
    is_best: Annotated[
        bool, typer.Option("--best", help="From overall responses to each patient's best overall response.")
    ] = False,
    is_lesions: Annotated[
        bool, typer.Option("--lesions", help="From diameters to targets, sums and responses.")
    ] = False,
    is_simplified: Annotated[
        bool, typer.Option("--simplified", help="The paper's simplified rule: no non-targets, missing is NE.")
    ] = False,
    min_abs_increase_mm: Annotated[
        str | None,
        typer.Option(metavar="MM", help="Progression also needs this rise in mm; 5 as in RECIST 1.1. Default: 0."),
    ] = None,
    is_confirmed: Annotated[
        bool, typer.Option("--confirmed", help="With --best: a response counts when a later one confirms it.")
    ] = False,
    confirmation_days: Annotated[
        int | None, typer.Option(min=0, help="With --confirmed: days between the two, at least. Default: 28.")
    ] = None,
    min_sd_days: Annotated[
        int | None, typer.Option(min=0, help="With --best: day from which on stable disease counts. Default: 42.")
    ] = None,
    max_ne: Annotated[
        int | None, typer.Option(min=0, help="With --confirmed: NE allowed between the two. Default: 1.")
    ] = None,
    max_sd: Annotated[
        int | None, typer.Option(min=0, help="With --confirmed: SD allowed between PR and the next. Default: 0.")
    ] = None,
    option: RuleOption = None,
    line_breaks_in: LineBreaksIn = None,
    as_json: AsJson = False,
) -> None:
    """Tell tumour response by mRECIST for the rows of a file of your own, by the same rules as the warehouse's.

    Visits (FILE): patient_id, visit (`baseline` marks the baseline), day or visit_date, target_sum_mm, targets_measured
    (all, some, none, not_applicable), non_target (none, CR, IR/SD, PD, NE), new_lesion (yes, no); optional targets_gone
    (yes: every target meets complete response although nodes leave a sum). Added: target_response, overall_response.
    Of several rows of a day the worst counts.

    Responses (--best FILE): patient_id, day from the start of treatment, overall_response; optional new_therapy_day.
    The answer has one row per patient with best_overall_response.

    Lesions (--lesions FILE): patient_id, visit, day or visit_date, lesion_id, organ, is_node, viable_diameter_mm,
    whole_diameter_mm, short_axis_mm, enhancement, pattern; optional role, arterial_phase, non_target, new_lesion,
    treated_before, malignant_cells (cytology of an effusion). Days close together are one visit: `baseline` on several
    days is one baseline, and scans up to 14 days after the first of a visit belong to it (study options
    baseline_window_days, assessment_window_days). Added: the lesion's role and size, the visit and its sum and responses.

    A row that cannot be read gets no response, and a reason instead.

    Example:
    hcc respond visits.csv -o out.csv
    hcc respond --min-abs-increase-mm 5 visits.csv
    hcc respond --best --confirmed --confirmation-days 28 responses.csv
    hcc respond --lesions lesions.csv --json
    hcc respond --lesions --option node_target_from_mm=10 lesions.csv
    hcc respond --line-breaks-in note visits.csv
    """
    from etl.own_files.answer_file import write_answer
    from etl.own_files.response.respond import (
        find_best_responses,
        respond_to_lesions,
        respond_to_visits,
        response_options,
    )
    from etl.own_files.scratch import bounded

    confirming = {
        "confirmation_days": confirmation_days,
        "confirmation_max_ne": max_ne,
        "confirmation_max_sd": max_sd,
    }
    _check_together(
        is_best=is_best,
        is_lesions=is_lesions,
        only_best={"--confirmed": is_confirmed, "--min-sd-days": min_sd_days is not None}
        | {"--confirmation-days, --max-ne, --max-sd": any(value is not None for value in confirming.values())},
        only_confirmed={} if is_confirmed else confirming,
        not_best={"--simplified": is_simplified, "--min-abs-increase-mm": min_abs_increase_mm is not None},
    )
    if output is not None and output.resolve() == file.resolve():
        raise typer.BadParameter("the answer would overwrite the file that it is read from", param_hint="--output")
    given: dict[str, Any] = confirming | {
        "minimum_sd_days": min_sd_days,
        "min_abs_increase_mm": _millimetres(min_abs_increase_mm),
        "response_confirmation": "confirmed" if is_confirmed else None,
    }
    known = response_options("responses" if is_best else "lesions" if is_lesions else "visits")
    example = "minimum_sd_days=56" if is_best else "response_fall_percent=50"
    options = named_options(option, known, example=example)
    options |= {name: str(value) for name, value in given.items() if value is not None}
    settings = read_settings()
    with bounded(memory_limit=settings.memory_limit, threads=settings.threads, output=output) as engine:
        notes = line_breaks_in or ()
        if is_best:
            answer = find_best_responses(file, options=options, engine=engine, line_breaks_in=notes)
        else:
            rule = respond_to_lesions if is_lesions else respond_to_visits
            answer = rule(file, options=options, is_simplified=is_simplified, engine=engine, line_breaks_in=notes)
        if output is None:
            show_rows(answer.columns, list(answer.rows), as_json=as_json)
        else:
            count = write_answer(output, answer.columns, answer.rows, is_as_given=True)
            if as_json:
                show_json({"output": str(output), "rows": count, "rows_not_read": answer.not_read_count})
            else:
                print_on_stderr(f"{output}: {count:,} rows.")
    if answer.not_read_count:
        print_on_stderr(f"{answer.not_read_count:,} rows of {file} could not be read; the column 'reason' says why.")


def _check_together(
    *,
    is_best: bool,
    is_lesions: bool,
    only_best: dict[str, bool],
    only_confirmed: dict[str, int | None],
    not_best: dict[str, bool],
) -> None:
    """Refuse options that do not go together, instead of ignoring one."""
    if is_best and is_lesions:
        raise typer.BadParameter("--best and --lesions read different files; choose one")
    for option, is_given in (not_best if is_best else only_best).items():
        if is_given:
            raise typer.BadParameter(f"{option} goes {'without' if is_best else 'with'} --best")
    if any(value is not None for value in only_confirmed.values()):
        raise typer.BadParameter("--confirmation-days, --max-ne and --max-sd go with --confirmed")


def _millimetres(text: str | None) -> Decimal | None:
    """Read a length exactly; a float would not hold it."""
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= 1000):  # noqa: PLR2004  # a metre is more than any lesion
        raise typer.BadParameter("expected millimetres from 0 to 1000", param_hint="--min-abs-increase-mm")
    return value
