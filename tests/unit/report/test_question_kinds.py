"""Every kind of clinical question that a view can ask has its words, and the cells that it rests on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp, parse_one

import warehouse.views
from etl.report.load.clinical_words import all_words
from etl.report.load.question_places import rests_on
from etl.report.load.sections.clinical import TOPICS
from schemas.catalogue import table_facts

FOLDER = Path(warehouse.views.__file__).parent / "clinical" / "question"
VIEWS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}
ASKING = sorted(VIEWS.keys() - {"clinical_question"})


def kinds_asked(view: str) -> set[str]:
    """Name the kinds of question that a view writes; `*_x` where it puts the beginning together."""
    tree = parse_one(view, dialect="duckdb")
    asked = [alias.this for alias in tree.find_all(exp.Alias) if alias.alias == "question"]
    return {kind for each in asked for kind in _written(each)}


def _written(value: exp.Expression) -> Iterator[str]:
    if isinstance(value, exp.Literal) and value.is_string:
        yield value.this
    elif isinstance(value, exp.DPipe):
        yield f"*{value.expression.this}"
    elif isinstance(value, exp.Case):
        for arm in value.args["ifs"]:
            yield from _written(arm.args["true"])
        if value.args.get("default") is not None:
            yield from _written(value.args["default"])
    else:
        for each in value.iter_expressions():
            yield from _written(each)


def without_place(view: str, known: set[str]) -> set[str]:
    """Name the kinds of question in a view of which nothing is known."""
    return {
        kind
        for kind in kinds_asked(view)
        if not (kind in known or (kind[0] == "*" and any(each.endswith(kind[1:]) for each in known)))
    }


@pytest.mark.parametrize("view", ASKING)
def test_every_kind_of_question_has_words_and_a_place(view: str) -> None:
    assert kinds_asked(VIEWS[view])
    assert without_place(VIEWS[view], set(rests_on())) == set(), "name what it rests on in question_places.py"
    assert without_place(VIEWS[view], set(all_words())) == set(), "say what it asks in clinical_words.py"


def test_words_and_places_are_of_the_same_kinds() -> None:
    assert rests_on().keys() == all_words().keys()


def test_a_new_kind_is_noticed() -> None:
    score, response = VIEWS["score_question"], VIEWS["response_question"]
    assert without_place(score.replace("'bclc_differs'", "'okuda_differs'"), set(rests_on())) == {"okuda_differs"}
    assert without_place(response.replace("_against_lesions'", "_against_liver'"), set(rests_on())) == {
        "*_against_liver"
    }
    event = VIEWS["event_question"].replace("'onset_missing' END", "'end_missing' END")
    assert without_place(event, set(rests_on())) == {"end_missing"}


def test_all_views_that_ask_are_put_together() -> None:
    tables = {table.name for table in parse_one(VIEWS["clinical_question"], dialect="duckdb").find_all(exp.Table)}
    assert tables - {"asked"} == set(ASKING)


def test_every_topic_has_its_heading() -> None:
    tree = parse_one(VIEWS["clinical_question"], dialect="duckdb")
    topics = {alias.this.this for alias in tree.find_all(exp.Alias) if alias.alias == "topic"}
    assert topics == TOPICS.keys()


def test_what_a_question_rests_on_is_in_the_model() -> None:
    for rests in (each for kind in rests_on().values() for each in kind):
        assert set(rests.columns) <= set(table_facts(rests.table).column_names), rests
