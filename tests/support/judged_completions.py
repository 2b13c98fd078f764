"""Compare what is derived of a patient of whom something was set aside with what is derived of every completion."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from support.completions import Scenario, Study

UNKNOWN = (None, "unknown", "undetermined")
NOT_ASKED = {"site_id", "patient_id"}


@dataclass(frozen=True)
class Judgement:
    """One derived value of one scenario: `given`, what it is with the gap, `completed`, what it is with each completion."""

    scenario: Scenario
    what: str
    given: Any
    completed: tuple[Any, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether a value is given although a completion would change it."""
        return self.given not in UNKNOWN and any(value != self.given for value in self.completed)

    @property
    def is_needless(self) -> bool:
        """Whether it is unknown although every completion gives the same value."""
        return self.given in UNKNOWN and len(set(self.completed)) == 1 and self.completed[0] not in UNKNOWN


def judge(con: duckdb.DuckDBPyConnection, study: Study) -> list[Judgement]:
    """Judge every derived value of every scenario, from a warehouse whose views are built."""
    derived = derived_values(con)
    found = []
    for scenario in study.scenarios:
        complete = [derived[name] for name in scenario.completions if name in derived]
        names = sorted(set().union(derived.get(scenario.patient, {}), *complete))
        for what in names:
            given = derived.get(scenario.patient, {}).get(what)
            found.append(Judgement(scenario, what, given, tuple(each.get(what) for each in complete)))
    return found


def derived_values(con: duckdb.DuckDBPyConnection) -> Mapping[str, Mapping[str, Any]]:
    """Read what is derived of each patient: the cohort, the criteria, responses by every reading, grades of events."""
    values: dict[str, dict[str, Any]] = {}
    cursor = con.execute("SELECT * FROM analysis.cohort")
    names = [column[0] for column in cursor.description or ()]
    patient = names.index("patient_id")
    for row in cursor.fetchall():
        values[row[patient]] = {n: v for n, v in zip(names, row, strict=True) if n not in NOT_ASKED}
    for query in (
        "SELECT patient_id, 'criterion ' || criterion, verdict FROM clinical.eligibility_criterion",
        "SELECT patient_id, 'best ' || reading, best_overall_response FROM clinical.best_response",
        "SELECT patient_id, 'ttp ' || reading, ttp_days FROM clinical.response_time",
        "SELECT patient_id, 'worst ' || category, worst_grade FROM clinical.worst_event_grade",
        "SELECT patient_id, 'laboratory ' || lab_term, worst_grade FROM clinical.lab_grade_summary",
        "SELECT patient_id, 'stage', derived_code FROM clinical.bclc",
    ):
        for name, what, value in con.execute(query).fetchall():
            values.setdefault(name, {})[what] = value
    return values


def count(judgements: list[Judgement], *, by_table: bool = False) -> str:
    """Write the two rates in words."""
    wrong, needless = Counter[str](), Counter[str]()
    for each in judgements:
        wrong[each.scenario.table] += each.is_wrong
        needless[each.scenario.table] += each.is_needless
    total, given = len(judgements), sum(each.given not in UNKNOWN for each in judgements)
    unknown = total - given
    rates = (
        f"{total:,} derived values: {given:,} given, {wrong.total():,} of them wrong ({wrong.total() / given:.3%}); "
        f"{unknown:,} unknown, {needless.total():,} of them needlessly ({needless.total() / unknown:.1%})"
    )
    by_name = [f"{table}: {wrong[table]} wrong, {needless[table]} needlessly unknown" for table in sorted(needless)]
    return "\n".join([rates, *(by_name if by_table else [])])
