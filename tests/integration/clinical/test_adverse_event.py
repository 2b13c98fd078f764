"""Adverse events in the warehouse: patient by patient as the slow reading has them, coded from the terms or the words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.drawn_study import readings, study
from support.drawn_warehouse import make_drawn_warehouse

from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.hospitals.severance.words import NOT_AN_EVENT
from etl.synthetic.synthesize import synthesize
from etl.synthetic.truth.study import of_site

pytestmark = pytest.mark.slow

CATEGORIES = ("any", "dermatologic", "gastroenterologic", "hypertension")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("drawn") / "warehouse.duckdb"
    make_drawn_warehouse(path)
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def test_every_patient_has_the_worst_grades_of_the_slow_reading(drawn: duckdb.DuckDBPyConnection) -> None:
    assert _differences(drawn) == []


def _differences(con: duckdb.DuckDBPyConnection) -> list[object]:
    found: dict[tuple[str, str], dict[str, tuple[object, ...]]] = {}
    for site, patient, category, *rest in con.execute(
        "SELECT site_id, patient_id, category, worst_grade, has_event, has_fatal FROM clinical.worst_event_grade"
    ).fetchall():
        found.setdefault((site, patient), {})[category] = tuple(rest)
    read = [reading for reading in readings() if reading.events is not None]
    assert len(read) > 1_800
    differ = []
    for reading in read:
        events, worst = reading.events, found[reading.person]
        assert events is not None
        wanted = (events.worst, events.worst_dermatologic, events.worst_gastroenterologic, events.worst_hypertension)
        got = tuple(worst[category][0] for category in CATEGORIES)
        if (*wanted, events.has_any, events.is_fatal) != (*got, *worst["any"][1:]):
            differ.append((reading.person, wanted, got, worst["any"]))
    return differ[:3]


def test_the_words_alone_give_the_terms_of_the_truth(tmp_path: Path) -> None:
    """And grades by version 3.0, as some hospitals have for a time, count as reported where 4.03 has no equal."""
    truth = study()
    events = truth.tables["adverse_event"]
    versions = events["ctcae_version"].mask(events["onset_on"] < "2010-07-01", "3.0")
    told = events.assign(ctcae_term=None, ctcae_version=versions)
    path = tmp_path / "warehouse.duckdb"
    make_drawn_warehouse(path, of=replace(truth, tables=truth.tables | {"adverse_event": told}))
    with duckdb.connect(str(path), read_only=True) as con:
        terms = con.execute("SELECT term FROM clinical.adverse_event ORDER BY ALL").fetchall()
        differ = con.execute(
            "SELECT reason, count(*) > 100 FROM clinical.adverse_event WHERE counted_grade IS DISTINCT FROM grade GROUP BY ALL"
        ).fetchall()
        asked = con.execute(
            "SELECT count(*) FROM clinical.event_question WHERE question = 'version_differs'"
        ).fetchone()
        marked = con.execute(
            "SELECT sum(other_version_events) FROM clinical.worst_event_grade WHERE category = 'any'"
        ).fetchone()
        assert _differences(con) == []
    assert [term for (term,) in terms] == sorted(events["ctcae_term"])
    assert differ == [("version_differs", True)]
    assert asked is not None
    assert marked is not None
    assert asked[0] >= marked[0] > 100


def test_severance_free_text_is_coded_to_the_truth(tmp_path: Path) -> None:
    """Its export holds words alone; told again as the study drew them, they name the same terms and grades."""
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    synthesize(settings.raw_dir, sites=["severance"])
    ingest("severance", settings=settings)
    truth = of_site(study(), "severance")["adverse_event"]
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        rows = con.execute(
            "SELECT term, grade, reading, is_event, verbatim_text FROM clinical.adverse_event"
        ).fetchall()
        questions = con.execute("SELECT DISTINCT question FROM clinical.event_question ORDER BY ALL").fetchall()
    told = Counter((term, grade) for term, grade, _, is_event, _ in rows if is_event)
    grades = [None if pd.isna(grade) else int(grade) for grade in truth["reported_grade"]]
    assert told == Counter(zip(truth["ctcae_term"], grades, strict=True))
    denied = [(text, term, reading) for term, _, reading, is_event, text in rows if not is_event]
    written = {(text, term) for text, term, _ in denied if text in NOT_AN_EVENT}
    assert written == {(text, term) for text, terms in NOT_AN_EVENT.items() for term in terms or (None,)}
    assert all(text in NOT_AN_EVENT or "no " in text or "/-" in text or "-/" in text for text, _, _ in denied)
    assert {reading for _, _, reading in denied} == {"negated", "doubtful"}
    assert questions == [("grade_is_range",), ("grade_missing",)]
