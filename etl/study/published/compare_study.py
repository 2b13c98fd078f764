"""Compare every printed figure of a study with our own number, and write the verdicts next to the other results."""

from dataclasses import replace
from typing import TYPE_CHECKING

from etl.study.analyses.result import Sheet
from etl.study.audit.figure import Figure
from etl.study.audit.group_size import fitted_sizes
from etl.study.audit.printed import Printed
from etl.study.definition.load import published_figures
from etl.study.definition.read_study import Definition
from etl.study.published.comparison import CONTRADICTS_ITSELF, DIFFERS, Verdict, compare, contradictions
from etl.study.published.our_number import key_of

if TYPE_CHECKING:
    import duckdb

OURS_SQL = """
SELECT analysis_id, variable, level, group_level, operation, raw_value
FROM analysis.result
WHERE study_id = ? AND sequence = 0
"""


def compare_published(con: "duckdb.DuckDBPyConnection", definition: Definition) -> Sheet:
    """Compare the study's printed figures with analysis.result, which must be up to date.

    Returns:
        the sheet `published`: of each figure (`variable`) the verdict (`text`), our number less the printed one
        (`value`), and the reason (`note`).
    """
    sheet = Sheet("published", "published")
    figures = published_figures(definition)
    if not figures:
        return sheet
    ours = {tuple(key): value for *key, value in con.execute(OURS_SQL, [definition.name]).fetchall()}
    found = contradictions(figures)
    printed = Printed(figures)
    fitted = fitted_sizes(printed)
    for figure in figures:
        key = key_of(figure, definition.study)
        number = ours.get((key.analysis_id, key.variable, key.level, key.group_level, key.operation))
        verdict = compare(figure, number, found)
        if verdict.verdict == DIFFERS and key.operation == "percent" and figure.group in fitted:
            count = ours.get((key.analysis_id, key.variable, key.level, key.group_level, "n"))
            sizes = (printed.sizes[figure.group], fitted[figure.group])
            verdict = _explain_by_size(figure, count, verdict, sizes=sizes)
        sheet.write(
            "verdict",
            verdict.difference,
            method="comparison",
            variable=figure.figure_id,
            text=verdict.verdict,
            note=verdict.reason,
        )
    return sheet


def _explain_by_size(figure: Figure, count: float | None, verdict: Verdict, *, sizes: tuple[int, int]) -> Verdict:
    """Explain a percentage that is right of the group's other size: the one that fits most rows of the publication."""
    stated, fitting = sizes
    if count is None or stated == fitting or not figure.contains(100 * count / fitting):
        return verdict
    reason = (
        f"{count:g} of {fitting} patients are {100 * count / fitting:.1f} %; of the {stated} that are printed they are "
        f"{100 * count / stated:.1f} %. The group has {fitting} in most rows."
    )
    return replace(verdict, verdict=CONTRADICTS_ITSELF, reason=reason)
