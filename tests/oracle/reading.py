"""Everything that the study wants to know of one patient, read from the chart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oracle.baseline import Baseline, read_baseline
from oracle.chart import Chart, Person, Row, charts
from oracle.eligibility import Verdict, is_eligible, read_verdicts
from oracle.events import Events, read_events
from oracle.response import Response, read_response
from oracle.survival import read_survival
from oracle.treatment import Treatment, read_treatment


@dataclass(frozen=True)
class Reading:
    """One patient, read. Without an index date there are only the verdicts."""

    person: Person
    patient: Row
    tumour: Row
    verdicts: dict[str, Verdict]
    treatment: Treatment
    baseline: Baseline | None
    response: Response | None
    events: Events | None
    survival_days: int | None
    is_dead: bool | None
    group: str

    @property
    def is_in_study(self) -> bool:
        """Eligible, and either a long-term or a short-term survivor."""
        return is_eligible(self.verdicts) and self.group != "undetermined"


def read_study(tables: Mapping[str, Iterable[Row]]) -> list[Reading]:
    """Read everyone in a set of canonical tables."""
    return [read_patient(person, chart) for person, chart in charts(tables).items()]


def read_patient(person: Person, chart: Chart) -> Reading:
    """Read one patient's chart."""
    treatment = read_treatment(chart)
    index, last_dose = treatment.index_date, treatment.last_dose
    days, is_dead, group = read_survival(chart, index) if index else (None, None, "undetermined")
    return Reading(
        person=person,
        patient=chart["patient"][0],
        tumour=chart["tumour_baseline"][0] if chart["tumour_baseline"] else {},
        verdicts=read_verdicts(chart),
        treatment=treatment,
        baseline=read_baseline(chart, index) if index else None,
        response=read_response(chart, index, treatment.salvage_on) if index else None,
        events=read_events(chart, index, last_dose) if index and last_dose else None,
        survival_days=days,
        is_dead=is_dead,
        group=group,
    )
