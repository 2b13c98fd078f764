"""Our numbers next to the printed ones: how many agree, all that differ, and all."""

from typing import TYPE_CHECKING, Any

from etl.study.report.document import DASH, Block, Cell, Column, Fold, Heading, Number, Row, Section, Sourced, Table
from etl.study.report.setting import label_cell, sentence

if TYPE_CHECKING:
    import duckdb

    from etl.study.report.numbers import Numbers
    from etl.study.report.outline import Outline

PRINTED = "reference.published_figure"
COMPARED = "analysis.published_comparison"
_AGREES = ("same", "same within rounding")
_NOTHING = "no number of ours"


def concordance_section(con: "duckdb.DuckDBPyConnection", numbers: "Numbers", *, outline: "Outline") -> Section | None:
    """Compare with the publication; None when the study repeats none."""
    found = con.execute(
        "SELECT figure_id, place, row_label, printed_group, statistic, printed, unit, our_value, our_raw_value, "
        f"difference, verdict, reason, note, result_id FROM {COMPARED} WHERE study_id = ? "
        "ORDER BY place, figure_id",
        [outline.study_id],
    )
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if not rows:
        return None
    by_id = {number.result_id: number for number in numbers.by_key.values()}
    differing = [row for row in rows if row["verdict"] not in {*_AGREES, _NOTHING, None}]
    blocks: tuple[Block, ...] = (
        _counts(rows),
        Heading("What differs", "differs"),
        _table(differing, by_id, outline=outline, name="differs", title="Printed figures that differ from ours"),
        Fold(
            "Every printed figure",
            (_table(rows, by_id, outline=outline, name="concordance", title="Every printed figure"),),
            f"{len(rows):,}",
        ),
    )
    lead = (
        f"Every figure that the publication prints next to ours ({outline.source})."
        if outline.source
        else "Every printed figure next to ours."
    )
    return Section("concordance", "Concordance with the publication", lead, blocks)


def _counts(rows: list[dict[str, Any]]) -> Table:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["verdict"] or "not compared"] = counts.get(row["verdict"] or "not compared", 0) + 1
    order = ["same", "same within rounding", "differs because the paper contradicts itself", "differs", _NOTHING]
    ordered = sorted(counts, key=lambda verdict: order.index(verdict) if verdict in order else len(order))
    set_rows = tuple(
        Row(
            (
                label_cell(sentence(verdict).rstrip(".")),
                Cell((Sourced(f"{counts[verdict]:,}", str(counts[verdict]), COMPARED),)),
            )
        )
        for verdict in ordered
    )
    columns = (Column("Verdict", is_number=False), Column("Figures"))
    return Table("verdicts", "", "Printed figures by verdict", columns, set_rows)


def _table(rows: list[dict[str, Any]], by_id: dict[str, Number], *, outline: "Outline", name: str, title: str) -> Table:
    columns = (
        Column("Place and row", is_number=False),
        Column("What", is_number=False),
        Column("Printed"),
        Column("Ours"),
        Column("Difference"),
        Column("Verdict", is_number=False),
        Column("Why", is_number=False, is_quiet=True),
    )
    set_rows: list[Row] = []
    place = None
    for row in rows:
        if row["place"] != place:
            place = row["place"]
            set_rows.append(Row((label_cell(place), *(Cell() for _ in columns[1:])), is_heading=True))
        set_rows.append(_row(row, by_id, outline))
    return Table(name, "", title, columns, tuple(set_rows))


def _row(row: dict[str, Any], by_id: dict[str, Number], outline: "Outline") -> Row:
    ours = by_id.get(row["result_id"] or "")
    difference = row["difference"]
    shown = DASH if difference is None else f"{difference:+.4g}".replace("-", "−")
    group = f" ({_group(row['printed_group'], outline)})" if row["printed_group"] else ""
    why = " ".join(sentence(part) for part in (row["reason"], row["note"]) if part)
    return Row(
        (
            label_cell(row["row_label"] or "", indent=1),
            Cell((f"{row['statistic'].replace('_', ' ')}{group}",)),
            Cell((Sourced(row["printed"], row["printed"], f"{PRINTED}|{row['figure_id']}"),)),
            Cell((ours,)) if ours is not None else Cell((DASH,), why=why or "We compute no number with this key."),
            Cell((Sourced(shown, repr(difference), f"{COMPARED}|{row['figure_id']}"),))
            if difference is not None
            else Cell((DASH,), why="One of the two is missing, or the print is a bound."),
            Cell((row["verdict"] or "not compared",)),
            Cell((why,)) if why else Cell(),
        ),
        tone="warn" if row["verdict"] == "differs" else "",
    )


def _group(printed: str, outline: "Outline") -> str:
    """The words for a group: `total`, a level of the groups, or the patients with or without a level of a variable."""
    variable, sign, level = printed.partition("!=" if "!=" in printed else "=")
    if not sign:
        groups = (outline.level_label(table.group, printed) for table in outline.tables if table.group)
        return next((label for label in groups if label != printed), printed.replace("_", " "))
    known = f"{outline.variable_label(variable)}: {outline.level_label(variable, level)}"
    return f"not {known}" if sign == "!=" else known
