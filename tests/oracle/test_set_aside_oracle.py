"""Each row and each cell of a small study set aside in turn, and completed: a value may be given only where all agree.

The rates stand in docs/explanation/set_aside.md; `pytest -s` prints them.
"""

import sys
from pathlib import Path

import pytest
from support.completions import make_study, publish_study
from support.judged_completions import Judgement, count, judge
from support.unknown_charts import CHARTS, INDEX

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.refresh import refresh

MOST_NEEDLESS_PERCENT = 8


@pytest.mark.slow
def test_a_value_is_given_only_where_every_completion_gives_it(warehouse_path: Path) -> None:
    study = make_study(CHARTS, index=INDEX, completions=12, seed=1)
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_study(con, study)
        refresh(con)
        judged = judge(con, study)
        # Without what is known to be set aside, the same comparison finds what absence made up.
        con.execute("DELETE FROM quality.set_aside")
        refresh(con)
        as_absent = judge(con, study)
    engine.dispose()
    sys.stdout.write(f"\n{count(judged, by_table=True)}\nTaken for absent: {count(as_absent)}\n")
    assert not [(each.scenario.name, each.what, each.given) for each in judged if each.is_wrong]
    assert len([each for each in as_absent if each.is_wrong]) > 1000
    unknown = [each for each in judged if each.given in (None, "unknown", "undetermined")]
    assert 100 * len(_needless(judged)) <= MOST_NEEDLESS_PERCENT * len(unknown)


def _needless(judged: list[Judgement]) -> list[Judgement]:
    return [each for each in judged if each.is_needless]
