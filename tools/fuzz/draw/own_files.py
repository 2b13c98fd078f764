"""Draw files for `hcc grade` and `hcc respond`: events, laboratory results, visits, lesions; and damage them."""

import random
from collections.abc import Mapping, Sequence

from tools.fuzz.case import DAMAGED, WHOLE, Case
from tools.fuzz.draw.cells import draw_text
from tools.fuzz.draw.damage import damage_bytes

_NUMBERS = (
    "1",
    "0",
    "-3",
    "2.5",
    "1,000",
    "1e3",
    "",
    "NA",
    "99999999999999999999",
    "nan",
    "inf",
    "３",
    "1/2",
    "<5",
    "0.0001",
)
_DAYS = ("0", "28", "56", "-7", "2010-03-05", "2010-02-30", "1.5", "", "day 3", "9999999999")
_YES_NO = ("yes", "no", "1", "0", "TRUE", "", "maybe", "y", "예")

COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "events": {
        "id": ("1", "2", "a b", ""),
        "verbatim": (
            "diarrhea",
            "Hand-foot skin reaction",
            "HFSR, diarrhea",
            "rash Gr 2",
            "설사",
            "고혈압 G3",
            "nothing of that",
            "",
        ),
        "reported_grade": ("1", "2", "3", "5", "6", "G2", "", "x"),
        "ctcae_version": ("4.03", "3.0", "5.0", "", "4"),
        "systolic": _NUMBERS,
        "weight_kg": _NUMBERS,
        "baseline_weight_kg": _NUMBERS,
        "stools_per_day": _NUMBERS,
        "note": ("", "x"),
    },
    "labs": {
        "id": ("1", "2", ""),
        "term": ("Anemia", "Alanine aminotransferase increased", "alt", "hemoglobin", "", "nothing"),
        "value": _NUMBERS,
        "unit": ("g/dL", "U/L", "mg/dL", "umol/L", "10*9/L", "", "x", "㎎/㎗"),
        "lln": _NUMBERS,
        "uln": _NUMBERS,
        "baseline": ("normal", "abnormal", "", *_NUMBERS),
        "fasting": _YES_NO,
    },
    "visits": {
        "patient_id": ("p1", "p2", ""),
        "visit": ("baseline", "1", "2", ""),
        "day": _DAYS,
        "target_sum_mm": _NUMBERS,
        "targets_measured": ("all", "some", "none", "not_evaluable", ""),
        "non_target": ("CR", "IR/SD", "PD", "NE", "none", "", "x"),
        "new_lesion": _YES_NO,
    },
    "lesions": {
        "patient_id": ("p1", "p2", ""),
        "visit": ("baseline", "1", "2"),
        "day": _DAYS,
        "lesion_id": ("L1", "L2", "L3", ""),
        "organ": ("liver", "lung", "lymph node", "", "x"),
        "is_node": _YES_NO,
        "viable_diameter_mm": _NUMBERS,
        "whole_diameter_mm": _NUMBERS,
        "short_axis_mm": _NUMBERS,
        "enhancement": ("enhancing", "none", "partial", ""),
        "pattern": ("typical", "atypical", "infiltrative", ""),
        "new_lesion": _YES_NO,
    },
    "responses": {
        "patient_id": ("p1", "p2", ""),
        "day": _DAYS,
        "overall_response": ("CR", "PR", "SD", "PD", "NE", "", "x"),
    },
}
"""The columns of each kind of file, and what may stand in them."""


def draw_own_file(chance: random.Random, kinds: Sequence[str]) -> Case:
    """Draw a file of one of these kinds; half of them are damaged afterwards."""
    kind = chance.choice(kinds)
    columns = COLUMNS[kind]
    names = list(columns)
    if chance.random() < 0.2:  # noqa: PLR2004
        chance.shuffle(names)
    delimiter, line_break = chance.choice(",,,;\t"), chance.choice(("\n", "\r\n"))
    encoding = chance.choice(("utf-8", "utf-8-sig", "cp949", "utf-16"))
    lines = [delimiter.join(names)]
    for _ in range(chance.choice((1, 2, 5, 12))):
        cells = [_cell(chance, columns[name], encoding) for name in names]
        lines.append(delimiter.join(_written(cell, delimiter) for cell in cells))
    data = (line_break.join(lines) + line_break).encode(encoding, "replace")
    what = f"{kind}, {encoding}, {delimiter!r}, {len(lines) - 1} rows"
    if chance.random() < 0.5:  # noqa: PLR2004
        return Case({f"{kind}.csv": data}, what, WHOLE)
    damaged, how = damage_bytes(data, chance)
    return Case({f"{kind}.csv": damaged}, f"{what}; {how}", DAMAGED)


def _cell(chance: random.Random, choices: Sequence[str], encoding: str) -> str:
    if chance.random() < 0.1:  # noqa: PLR2004
        return draw_text(chance, encoding=encoding).replace("\n", " ").replace("\r", " ")
    return chance.choice(choices).encode(encoding, "ignore").decode(encoding)


def _written(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell
