"""A slow, obvious reading of adverse events by CTCAE 4.03, one event at a time, numbers in exact fractions.

Written from the criteria and the project's choices, not from the SQL, and sharing nothing with it: grades that exist,
criteria and other versions stand here a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

HAND_FOOT = "Palmar-plantar erythrodysesthesia syndrome"
QTC = "Electrocardiogram QT corrected interval prolonged"
GRADES = {
    HAND_FOOT: "123",
    "Rash maculo-papular": "123",
    "Rash acneiform": "12345",
    "Alopecia": "12",
    "Pruritus": "123",
    "Dry skin": "123",
    "Diarrhea": "12345",
    "Nausea": "123",
    "Vomiting": "12345",
    "Mucositis oral": "12345",
    "Abdominal pain": "123",
    "Constipation": "12345",
    "Dyspepsia": "123",
    "Ascites": "12345",
    "Esophageal varices hemorrhage": "2345",
    "Anorexia": "12345",
    "Weight loss": "123",
    "Fatigue": "123",
    "Fever": "12345",
    "Hypertension": "12345",
    "Hoarseness": "123",
    "Epistaxis": "12345",
    "Hepatic failure": "345",
    "Encephalopathy": "12345",
    "Proteinuria": "123",
    "Headache": "123",
    QTC: "1234",
    "Febrile neutropenia": "345",
}
SAME_IN_3_0 = {
    HAND_FOOT: "1",
    "Hypertension": "345",
    "Diarrhea": "12345",
    "Nausea": "123",
    "Vomiting": "1345",
    "Mucositis oral": "45",
    "Abdominal pain": "123",
    "Headache": "123",
    "Constipation": "12345",
    "Dyspepsia": "12",
    "Weight loss": "123",
    "Anorexia": "12345",
    "Fever": "12345",
    "Hoarseness": "123",
    "Pruritus": "1",
    "Encephalopathy": "5",
    "Hepatic failure": "35",
    "Epistaxis": "12345",
    "Esophageal varices hemorrhage": "345",
    "Ascites": "12345",
    "Proteinuria": "1",
}
CHANGED_IN_5_0 = ("Vomiting", "Proteinuria", "Hypertension", HAND_FOOT, "Rash maculo-papular", "Diarrhea", QTC)
BY_BODY_SURFACE = ("Rash maculo-papular", "Rash acneiform", "Dry skin")
BOUNDS = {
    "systolic": (40, 350),
    "diastolic": (20, 250),
    "temperature_c": (30, 45),
    "temperature_hours": (0, 10_000),
    "weight_kg": (2, 400),
    "baseline_weight_kg": (2, 400),
    "stools_per_day": (0, 100),
    "baseline_stools_per_day": (0, 100),
    "body_surface_percent": (0, 100),
    "antihypertensive_drugs": (0, 20),
    "vomiting_per_day": (0, 100),
    "urine_protein_g_24h": (0, 60),
    "qtc_ms": (200, 900),
    "baseline_qtc_ms": (200, 900),
    "qtc_501_ecgs": (0, 100),
    "neutrophils_10_9_l": (0, 500),
}
NEEDED = {
    "Hypertension": ("systolic", "diastolic", "antihypertensive_drugs"),
    "Vomiting": ("vomiting_per_day",),
    "Proteinuria": ("urine_protein_g_24h",),
    QTC: ("qtc_ms", "baseline_qtc_ms", "qtc_501_ecgs"),
    "Febrile neutropenia": ("neutrophils_10_9_l", "temperature_c", "temperature_hours"),
    "Fever": ("temperature_c", "temperature_hours"),
    "Weight loss": ("weight_kg", "baseline_weight_kg"),
    "Diarrhea": ("stools_per_day", "baseline_stools_per_day"),
    **dict.fromkeys(BY_BODY_SURFACE, ("body_surface_percent",)),
}


@dataclass(frozen=True)
class Event:
    """One event, as the chart means it."""

    term: str
    grade: int | None
    version: str | None = "4.03"
    reading: str = "event"
    numbers: Mapping[str, Fraction] = field(default_factory=dict)


def read_grade(event: Event) -> int | None:
    """Grade one event by 4.03; None when there is no grade that stands."""
    if event.reading != "event":
        return None
    if event.grade is None:
        return _by_numbers(event.term, event.numbers)
    return event.grade if _stands(event.term, str(event.grade), event.version) else None


def _stands(term: str, grade: str, version: str | None) -> bool:
    if version == "3.0" and grade not in SAME_IN_3_0.get(term, ""):
        return False
    if version == "5.0" and term in CHANGED_IN_5_0:
        return False
    return grade in GRADES[term]


def _by_numbers(term: str, numbers: Mapping[str, Fraction]) -> int | None:  # noqa: PLR0911
    """Grade by the numbers that the term goes by; None without them, or with impossible ones."""
    known = {name: numbers[name] for name in NEEDED.get(term, ()) if name in numbers}
    if any(not BOUNDS[name][0] <= number <= BOUNDS[name][1] for name, number in known.items()):
        return None
    if term == "Hypertension":
        return _by_pressure(known.get("systolic"), known.get("diastolic"), drugs=known.get("antihypertensive_drugs"))
    if term == "Vomiting" and known:
        return sum(known["vomiting_per_day"] >= episodes for episodes in (1, 3, 6))
    if term == "Proteinuria" and known:
        grams = known["urine_protein_g_24h"]
        return 0 if grams == 0 else 1 if grams < 1 else 2 if grams < Fraction("3.5") else 3
    if term == QTC and "qtc_ms" in known:
        return sum(known["qtc_ms"] >= limit for limit in (450, 481)) + (
            known["qtc_ms"] >= 501 and known.get("qtc_501_ecgs", Fraction(0)) >= 2
        )
    if term == "Febrile neutropenia" and "neutrophils_10_9_l" in known:
        return _by_neutrophils(known["neutrophils_10_9_l"], known.get("temperature_c"), known.get("temperature_hours"))
    if term == "Fever" and "temperature_c" in known:
        degrees = known["temperature_c"]
        if degrees > 40:
            return 4 if known.get("temperature_hours", Fraction(0)) > 24 else 3
        return 2 if degrees > 39 else 1 if degrees >= 38 else 0
    if term == "Weight loss" and len(known) == 2:
        lost = (known["baseline_weight_kg"] - known["weight_kg"]) / known["baseline_weight_kg"]
        return sum(lost >= Fraction(share, 100) for share in (5, 10, 20))
    if term == "Diarrhea" and len(known) == 2:
        more = known["stools_per_day"] - known["baseline_stools_per_day"]
        return 3 if more >= 7 else 2 if more >= 4 else 1 if more > 0 else 0
    if term in BY_BODY_SURFACE and known:
        share = known["body_surface_percent"]
        return 3 if share > 30 else 2 if share >= 10 else 1 if share > 0 else 0
    return None


def _by_neutrophils(neutrophils: Fraction, degrees: Fraction | None, hours: Fraction | None) -> int | None:
    if neutrophils >= 1 or (degrees is not None and degrees < 38):
        return 0
    if degrees is None or (degrees <= Fraction("38.3") and hours is None):
        return None
    return 3 if degrees > Fraction("38.3") or (hours or 0) > 1 else 0


def _by_pressure(systolic: Fraction | None, diastolic: Fraction | None, *, drugs: Fraction | None) -> int | None:
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        return None
    grades = [
        sum(pressure >= limit for limit in limits)
        for pressure, limits in ((systolic, (120, 140, 160)), (diastolic, (80, 90, 100)))
        if pressure is not None
    ]
    treated = 0 if drugs is None or drugs < 1 else 2 if drugs < 2 else 3
    worst = max([*grades, treated])
    return worst if worst or len(grades) == 2 else None
