"""Clinical questions of a report: where a hospital's own reading and the rules disagree, or an entry cannot stand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import duckdb

from etl.mapping.language.near_name import did_you_mean
from etl.report.load.clinical_words import all_words, words_of
from etl.report.load.model import ClinicalExample, ClinicalQuestion
from etl.report.load.question_places import ASKED_COLUMNS, Place, read_places
from etl.report.sentences import Address, write_address
from warehouse.errors import NotFoundError

EXAMPLES = 12
"""So many first rows of each question are shown; all of them are in the JSON and in `hcc questions`."""

_BY_ADDRESS = "source_file, source_sheet, source_record, patient_id, noted_on, reported, derived"
_ASKED = ", ".join(ASKED_COLUMNS)


def collect_clinical(con: duckdb.DuckDBPyConnection, site_id: str) -> tuple[ClinicalQuestion, ...] | None:
    """Group a site's clinical questions by kind, the most frequent first; None where the views are not built.

    They are asked of the site's current load, which the views are made from.
    """
    if not has_clinical(con):
        return None
    rows = con.execute(
        f"""SELECT topic, question, count(*) AS times, count(DISTINCT patient_id),
            list(({_ASKED}) ORDER BY {_BY_ADDRESS})[1:{EXAMPLES}]
        FROM clinical.clinical_question WHERE site_id = ?
        GROUP BY topic, question ORDER BY times DESC, question""",
        [site_id],
    ).fetchall()
    places = read_places(con, site_id)
    return tuple(_question(*row, places=places) for row in rows)


def list_clinical(con: duckdb.DuckDBPyConnection, site_id: str, *, question: str | None = None) -> list[dict[str, Any]]:
    """List the clinical questions of a site's current load by kind and address; none where the views are not built.

    `place` says where every cell stands that a question rests on, the one in doubt first; `places` is the same as data.

    Args:
        con: the warehouse.
        site_id: the hospital.
        question: only questions of this kind.

    Raises:
        NotFoundError: there is no such kind.
    """
    if question is not None and question not in all_words():
        raise NotFoundError(
            f"There is no question '{question}'.{did_you_mean(question, all_words())} "
            f"Questions: {', '.join(sorted(all_words()))}."
        )
    if not has_clinical(con):
        return []
    answer = con.execute(
        f"""SELECT topic, question, source_file AS file, source_sheet AS sheet, source_record AS record, patient_id,
            noted_on, reported, derived, ({_ASKED}) AS asked
        FROM clinical.clinical_question WHERE site_id = ? AND (? IS NULL OR question = ?)
        ORDER BY topic, question, {_BY_ADDRESS}""",
        [site_id, question, question],
    )
    names, rows = [column[0] for column in answer.description or []], answer.fetchall()
    places = read_places(con, site_id)
    listed = []
    for row in rows:
        each = dict(zip(names, row, strict=True))
        found = places.get(tuple(each.pop("asked")), ())
        each |= {"sentence": write_question(row[1]), "place": write_places(found)}
        listed.append(each | {"places": [asdict(place) for place in found]})
    return listed


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


def write_places(places: Sequence[Place]) -> str:
    """Write the places of a question, each as a person can go to it; a semicolon stands between them."""
    return "; ".join(
        write_address(
            Address(
                place.file,
                place.sheet,
                place.record,
                place.line,
                None if place.cells else ", ".join(place.columns),
                ", ".join(place.cells),
            )
        )
        for place in places
    )


def _question(  # a row of the query
    topic: str,
    question: str,
    count: int,
    patients: int,
    raw: list[tuple[Any, ...]],
    *,
    places: Mapping[tuple[Any, ...], tuple[Place, ...]],
) -> ClinicalQuestion:
    words = words_of(question)
    examples = tuple(_example(tuple(each), places.get(tuple(each), ())) for each in raw)
    return ClinicalQuestion(
        topic, question, count, patients, write_question(question), words.reported, words.derived, examples
    )


def _example(asked: tuple[Any, ...], places: Sequence[Place]) -> ClinicalExample:
    _, patient_id, noted_on, file, sheet, record, _, reported, derived = asked
    return ClinicalExample(patient_id, noted_on, reported, derived, file, sheet, record, write_places(places))
