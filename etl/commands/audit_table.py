"""The command `hcc audit-table`: audit a file of published figures, without a warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import AsJson, Output
from etl.commands.show import out, plain, show_answer, show_json, show_rows


def audit_table(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header; see above for its columns.", metavar="FILE")],
    *,
    is_with_notes: Annotated[
        bool, typer.Option("--notes", help="Also list what explains a figure, and what cannot be tested.")
    ] = False,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Audit published figures: report the ones that cannot all be right, from nothing but what is printed.

    FILE has one printed figure a line. Required columns: row, group, statistic, printed (the exact text). A line with
    the statistic `size` gives the number of patients of a group; the group `total` is all groups together; the first
    group holds the cases of odds ratios. Statistics: size, n, percent, denominator (patients of the group with a
    value), mean, sd, median, centre (mean or median), odds_ratio, hazard_ratio, reference, low, high, p, adjusted_for.

    Optional columns: figure_id, place, table, level, method (chi-square, pearson, yates, fisher, t-test, student,
    welch, logistic, 'logistic, adjusted', cox), variable and level_code (what the row and level mean, whatever they are
    called), analysis_id, part_of (variable=level that the row is a part of), sum_of (levels that a figure is of, joined
    by ' + '), whole (yes: the measure is a whole number), value (for a number in words). docs/reference/audit_table.md has all.

    --json prints all findings and notes: kind, verdict, figure_ids, printed, computed, sentence.

    Example:
    hcc audit-table studies/published/sorafenib.csv
    hcc audit-table --notes table_1.csv
    hcc audit-table table_1.csv --json
    """
    from etl.study.audit.audit import audit
    from etl.study.audit.read_figures import read_figures

    figures = read_figures(file)
    result = audit(figures)
    if output is not None:
        every = (*result.contradictions, *result.notes)
        columns = ("kind", "verdict", "figure_ids", "printed", "computed", "sentence")
        rows = [
            (each.kind, each.verdict, " ".join(each.figure_ids), each.printed, each.computed, each.sentence)
            for each in every
        ]
        show_answer(columns, rows, output=output, as_json=as_json)
        return
    if as_json:
        show_json([vars(each) for each in (*result.contradictions, *result.notes)])
        return
    listed = result.contradictions + (result.notes if is_with_notes else ())
    if listed:
        show_rows(
            ("what", "verdict", "finding"), [(each.kind, each.verdict, each.sentence) for each in listed], as_json=False
        )
    out().print(
        plain(
            f"{file}: {len(figures)} figures, contradictions: {len(result.contradictions)}, notes: {len(result.notes)}."
        ),
        soft_wrap=True,
    )
