"""analysis.cohort against a slow, obvious reading of the study definitions, on generated patients."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.survival import CUT_OFF, Survival, survival_of
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection


@dataclass(frozen=True)
class Patient:
    """What a hospital may send about one patient's survival."""

    index: date
    contact: date | None
    status: str | None
    death: date | None
    precision: str


def read(patient: Patient) -> Survival:
    """Read a drawn patient as the oracle does."""
    return survival_of(
        patient.index,
        contact=patient.contact,
        status=patient.status,
        death=patient.death,
        precision=patient.precision,
    )


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """Draw patients whose last contact and death gather around what matters: the boundary and the cut-off."""
    index = draw(st.dates(date(2007, 1, 1), date(2014, 3, 31)))
    near = st.one_of(
        st.integers(-40, 3000).map(lambda days: index + timedelta(days=days)),
        st.integers(-45, 45).map(lambda days: index + timedelta(days=730 + days)),
        st.integers(-45, 45).map(lambda days: CUT_OFF + timedelta(days=days)),
    )
    contact = draw(st.none() | near)
    death = draw(st.none() | near)
    precision = draw(st.sampled_from(["day", "month"]))
    if death and precision == "month":
        death = death.replace(day=1)
    status = draw(st.sampled_from(["alive", "dead", "unknown", None])) if death is None else "dead"
    return Patient(index, contact, status, death, precision)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(cohort=st.lists(patients(), min_size=60, max_size=120))
def test_survival_as_the_definitions_read(cohort: list[Patient], warehouse_path: Path) -> None:
    tables: dict[str, list[dict[str, object]]] = {"patient": [], "treatment_course": [], "follow_up": []}
    for number, patient in enumerate(cohort):
        name = {"patient_id": str(number)}
        tables["patient"].append(name)
        tables["treatment_course"].append(name | {"drug_code": "sorafenib", "started_on": patient.index})
        tables["follow_up"].append(
            name
            | {
                "last_contact_on": patient.contact,
                "vital_status_code": patient.status,
                "died_on": patient.death,
                "died_on_precision": patient.precision if patient.death else None,
            }
        )
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, tables)
        rows = con.execute(
            "SELECT patient_id, os_days, os_event, survival_group, os_months FROM analysis.cohort"
        ).fetchall()
    engine.dispose()
    found = {int(row[0]): row[1:4] for row in rows}
    assert found == {number: read(patient) for number, patient in enumerate(cohort)}
    assert all(
        abs(Decimal(row[1]) / Decimal("30.4375") - row[4]) < Decimal("0.0001") for row in rows if row[1] is not None
    )
