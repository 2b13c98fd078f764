"""Compare every printed figure of a study with our own number, and write the verdicts next to the other results."""

from typing import TYPE_CHECKING

from etl.study.analyses.result import Sheet
from etl.study.definition.load import published_figures
from etl.study.definition.read_study import Definition
from etl.study.published.comparison import compare, contradictions
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
    for figure in figures:
        key = key_of(figure, definition.study)
        number = ours.get((key.analysis_id, key.variable, key.level, key.group_level, key.operation))
        verdict = compare(figure, number, found)
        sheet.write(
            "verdict",
            verdict.difference,
            method="comparison",
            variable=figure.figure_id,
            text=verdict.verdict,
            note=verdict.reason,
        )
    return sheet
