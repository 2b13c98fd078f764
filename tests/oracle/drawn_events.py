"""Adverse events drawn at random, many at the limits, and written down as charts write them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from oracle.event_grading import BOUNDS, GRADES, HAND_FOOT, NEEDED, QTC, Event

NAMES = {
    HAND_FOOT: ("수족증후군", "HFSR", "hand-foot syndrome", "Hand and foot syndrome", "손발 증후군", "PPE"),
    "Rash maculo-papular": ("피부 발진", "rash", "반구진 발진"),
    "Rash acneiform": ("여드름양 발진", "acneiform rash"),
    "Alopecia": ("탈모", "hair loss"),
    "Pruritus": ("가려움증", "itching", "소양감"),
    "Dry skin": ("피부건조", "xerosis"),
    "Diarrhea": ("설사", "묽은 변", "loose stool", "DIARRHEA", "diarrhoea"),
    "Nausea": ("오심", "구역", "nausea"),
    "Vomiting": ("구토", "emesis"),
    "Mucositis oral": ("구내염", "oral mucositis", "stomatitis"),
    "Abdominal pain": ("복통", "abd. pain"),
    "Constipation": ("변비",),
    "Dyspepsia": ("소화불량", "indigestion"),
    "Ascites": ("복수 증가", "ascites"),
    "Esophageal varices hemorrhage": ("식도정맥류 출혈", "variceal bleeding"),
    "Anorexia": ("식욕부진", "poor appetite", "입맛 없음"),
    "Weight loss": ("체중감소", "weight loss"),
    "Fatigue": ("피로감", "fatigue"),
    "Fever": ("발열", "pyrexia"),
    "Hypertension": ("고혈압", "HTN", "혈압 상승", "elevated BP"),
    "Hoarseness": ("쉰 목소리", "hoarse voice"),
    "Epistaxis": ("코피", "nasal bleeding"),
    "Hepatic failure": ("간부전", "liver failure"),
    "Encephalopathy": ("간성뇌증", "hepatic encephalopathy"),
    "Proteinuria": ("단백뇨",),
    "Headache": ("두통", "headache"),
    QTC: ("QTc 연장",),
    "Febrile neutropenia": ("호중구감소성 발열", "neutropenic fever"),
}
ROMAN = ("", "I", "II", "III", "IV", "V")
GRADED = (
    *("{name} G{grade}", "{name} Gr {roman}", "{name} Gr.{grade}", "{name}(G{grade})", "{name} grade {grade}"),
    *("grade {grade} {name}", "{name} {grade}도", "{name} {grade}", "{name} {roman}", "{name}, Gr {grade}"),
    *("{name} (CTCAE grade {grade})", "Gr{grade} {name}", "{name}: G{grade}", "{name}  Grade{roman}"),
)
BARE = ("{name} {grade}", "{name} {roman}")
RANGED = (
    "{name} G {roman_low}-{roman}",
    "{name} Gr {low}~{grade}",
    "{name} grade {low} to {grade}",
    "{name} G{low}/{grade}",
)
CELLS = ("{grade}", "{roman}", "Gr{grade}", "grade {grade}", "G {roman}", "{grade}.0", " {grade} ")
READ = {
    "negated": ("{name} 없음", "{name}(-)", "no {name}", "{name} 부인", "denied {name}", "{name}없음"),
    "doubtful": ("{name} 의증", "r/o {name}", "suspected {name}", "{name}?"),
    "history": ("h/o {name}", "{name} 과거력", "history of {name}"),
}
SEPARATORS = (", ", "; ", " / ", " + ", " 및 ", " and ", ",")
AROUND = {
    "systolic": ("119", "120", "139", "139.5", "140", "159.9", "160", "39", "351"),
    "diastolic": ("79.9", "80", "89.5", "90", "99.99", "100", "120", "19"),
    "temperature_c": ("37.9", "38.3", "38.31", "38", "38.0", "39", "39.1", "40", "40.01", "41.5", "102"),
    "temperature_hours": ("0.5", "1", "1.1", "24", "24.1", "48"),
    "weight_kg": ("95", "94.99", "90", "90.01", "80", "80.001", "57", "54", "48", "0"),
    "baseline_weight_kg": ("100", "60", "100.0"),
    "stools_per_day": ("0", "1", "3.5", "4", "6.9", "7", "9", "200"),
    "baseline_stools_per_day": ("0", "1", "2"),
    "body_surface_percent": ("0", "0.1", "9.99", "10", "30", "30.01", "100", "101"),
    "antihypertensive_drugs": ("0", "1", "2", "3", "21"),
    "vomiting_per_day": ("0", "0.5", "1", "2.9", "3", "5.9", "6", "101"),
    "urine_protein_g_24h": ("0", "0.001", "0.99", "1", "3.4", "3.49", "3.5", "61"),
    "qtc_ms": ("449.9", "450", "480.9", "481", "500.9", "501", "620", "0.48"),
    "baseline_qtc_ms": ("380", "440", "1000"),
    "qtc_501_ecgs": ("0", "1", "2", "3", "101"),
    "neutrophils_10_9_l": ("0", "0.5", "0.999", "1", "1.5", "900"),
}


@dataclass(frozen=True)
class Written:
    """A row of a file, and the events that it means."""

    cells: dict[str, str]
    events: tuple[Event, ...]


def draw_rows(count: int, *, seed: int) -> Iterator[Written]:
    """Draw rows: most with one event, some with two or three in one text."""
    rng = random.Random(seed)  # noqa: S311
    for _ in range(count):
        yield _several(rng) if rng.random() < 0.2 else _single(rng)


def _several(rng: random.Random) -> Written:
    terms = rng.sample(sorted(GRADES), rng.choice((2, 2, 3)))
    version = _version(rng)
    # With a slash a grade may be that of all, so either all have one or none has.
    has_grade = rng.random() < 0.7
    grades = [rng.randint(1, 5) if has_grade else None for _ in terms]
    parts = [
        _name(rng, term) if grade is None else _plain_grade(rng, _name(rng, term), grade)
        for term, grade in zip(terms, grades, strict=True)
    ]
    events = [Event(term, grade, version) for term, grade in zip(terms, grades, strict=True)]
    return Written({"verbatim": rng.choice(SEPARATORS).join(parts), "ctcae_version": version or ""}, tuple(events))


def _plain_grade(rng: random.Random, name: str, grade: int) -> str:
    return rng.choice(("{name} G{grade}", "{name} Gr {roman}", "{name}(G{grade})")).format(
        name=name, grade=grade, roman=ROMAN[grade]
    )


def _single(rng: random.Random) -> Written:
    term = rng.choice(sorted(GRADES))
    name, version = _name(rng, term), _version(rng)
    if rng.random() < 0.15:
        reading = rng.choice(sorted(READ))
        text = rng.choice(READ[reading]).format(name=name)
        return Written({"verbatim": text, "ctcae_version": version or ""}, (Event(term, None, version, reading),))
    numbers = _numbers(rng, term)
    exact = {name: Fraction(cell) for name, cell in numbers.items()}
    grade = None if rng.random() < (0.6 if term in NEEDED else 0.1) else rng.randint(1, 5)
    cells = {"verbatim": name, "ctcae_version": version or "", **numbers}
    if grade is not None:
        kind = rng.choice(("words", "cell", "both", "range"))
        low = max(grade - 1, 1)
        marks = {"grade": grade, "roman": ROMAN[grade], "low": low, "roman_low": ROMAN[low]}
        if kind in ("words", "both"):
            # A bare 5 is rather a count than a death, and is asked.
            graded = [form for form in GRADED if grade < 5 or form not in BARE]
            cells["verbatim"] = rng.choice(graded).format(name=name, **marks)
        if kind == "range":
            cells["verbatim"] = rng.choice(RANGED).format(name=name, **marks)
        if kind in ("cell", "both"):
            cells["reported_grade"] = rng.choice(CELLS).format(**marks)
    return Written(cells, (Event(term, grade, version, numbers=exact),))


def _name(rng: random.Random, term: str) -> str:
    return rng.choice((term, *NAMES[term]))


def _version(rng: random.Random) -> str | None:
    return rng.choice(("4.03", "4.03", "4.0", "3.0", "5.0", None))


def _numbers(rng: random.Random, term: str) -> dict[str, str]:
    """Draw the numbers of the term, now and then without one, and sometimes those of another term."""
    names = NEEDED.get(term, ()) if rng.random() < 0.9 else rng.choice(sorted(NEEDED.values()))
    return {name: _number(rng, name) for name in names if rng.random() < 0.9}


def _number(rng: random.Random, name: str) -> str:
    if rng.random() < 0.6:
        return rng.choice(AROUND[name])
    low, high = BOUNDS[name]
    return f"{rng.uniform(low, min(high, 250)):.{rng.randint(0, 3)}f}"
