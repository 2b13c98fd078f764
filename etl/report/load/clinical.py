"""Clinical questions of a report: where a hospital's own reading and the rules disagree, or an entry cannot stand."""

from typing import Any

import duckdb

from etl.report.load.clinical_words import all_words, words_of
from etl.report.load.model import ClinicalExample, ClinicalQuestion
from warehouse.errors import NotFoundError

EXAMPLES = 12
"""So many first rows of each question are shown; all of them are in the JSON and in `hcc questions`."""

_EXAMPLE = (
    "{'patient_id': patient_id, 'noted_on': noted_on, 'reported': reported, 'derived': derived, "
    "'file': source_file, 'sheet': source_sheet, 'record': source_record}"
)
_BY_ADDRESS = "source_file, source_sheet, source_record, patient_id, noted_on, reported, derived"


def collect_clinical(con: duckdb.DuckDBPyConnection, site_id: str) -> tuple[ClinicalQuestion, ...] | None:
    """Group a site's clinical questions by kind, the most frequent first; None where the views are not built.

    They are asked of the site's current load, which the views are made from.
    """
    if not has_clinical(con):
        return None
    rows = con.execute(
        f"""SELECT topic, question, count(*) AS times, count(DISTINCT patient_id),
            list({_EXAMPLE} ORDER BY {_BY_ADDRESS})[1:{EXAMPLES}]
        FROM clinical.clinical_question WHERE site_id = ?
        GROUP BY topic, question ORDER BY times DESC, question""",
        [site_id],
    ).fetchall()
    return tuple(_question(*row) for row in rows)


def list_clinical(con: duckdb.DuckDBPyConnection, site_id: str, *, question: str | None = None) -> list[dict[str, Any]]:
    """List the clinical questions of a site's current load by kind and address; none where the views are not built.

    Args:
        con: the warehouse.
        site_id: the hospital.
        question: only questions of this kind.

    Raises:
        NotFoundError: there is no such kind.
    """
    if question is not None and question not in all_words():
        raise NotFoundError(f"There is no question '{question}'. Questions: {', '.join(sorted(all_words()))}.")
    if not has_clinical(con):
        return []
    answer = con.execute(
        f"""SELECT topic, question, source_file AS file, source_sheet AS sheet, source_record AS record, patient_id,
            noted_on, reported, derived
        FROM clinical.clinical_question WHERE site_id = ? AND (? IS NULL OR question = ?)
        ORDER BY topic, question, {_BY_ADDRESS}""",
        [site_id, question, question],
    )
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) | {"sentence": write_question(row[1])} for row in answer.fetchall()]


def count_clinical(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the clinical questions of every site that has any."""
    if not has_clinical(con):
        return {}
    rows = con.execute("SELECT site_id, count(*) FROM clinical.clinical_question GROUP BY site_id").fetchall()
    return dict(rows)


def has_clinical(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the view is there: not before the first publication, nor in a file of an older program."""
    return bool(
        con.execute(
            "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() "
            "AND schema_name = 'clinical' AND table_name = 'clinical_question'"
        ).fetchall()
    )


def write_question(question: str) -> str:
    """Write what is asked and what can be done about it as sentences."""
    words = words_of(question)
    says = f"{words.says[0].upper()}{words.says[1:]}."
    return f"{says} {words.advice}".rstrip()


def _question(topic: str, question: str, count: int, patients: int, raw: list[dict[str, Any]]) -> ClinicalQuestion:
    words = words_of(question)
    examples = tuple(ClinicalExample(**each) for each in raw)
    return ClinicalQuestion(
        topic, question, count, patients, write_question(question), words.reported, words.derived, examples
    )
