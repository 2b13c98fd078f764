"""Draw exports of REDCap with their data dictionary; and damage either."""

import random

from tools.fuzz.case import DAMAGED, WHOLE, Case, Table
from tools.fuzz.draw.cells import draw_text
from tools.fuzz.draw.damage import damage_bytes
from tools.fuzz.second.delimited import read_delimited

EXPORT, DICTIONARY = "export.csv", "dictionary.csv"
_HEADER = ("Variable / Field Name", "Form Name", "Field Type", "Choices, Calculations, OR Slider Labels")
_CHOICES = ("1, Male | 2, Female", "0, None | 1, 1-3 | 99, Unknown, asked", "A, 가 | B-2, 나", "-1, x|1, y")


def draw_redcap(chance: random.Random) -> Case:
    """Draw an export with its dictionary; half of them are damaged afterwards."""
    fields = [("record_id", "first", "text", "")]
    for number in range(chance.randrange(1, 6)):
        kind = chance.choice(("text", "radio", "checkbox", "yesno", "dropdown", "notes", "descriptive"))
        choices = chance.choice(_CHOICES) if kind in {"radio", "checkbox", "dropdown"} else ""
        fields.append((f"f{number}", chance.choice(("first", "second")), kind, choices))
    columns = [column for field in fields for column in columns_of(field)]
    columns += [f"{form}_complete" for form in sorted({form for _, form, *_ in fields})]
    if chance.random() < 0.3:  # noqa: PLR2004
        columns[1:1] = ["redcap_event_name"]
    records = [[str(number), *(_cell(chance) for _ in columns[1:])] for number in range(1, chance.choice((2, 5, 20)))]
    export = _written([columns, *records])
    files = {EXPORT: export, DICTIONARY: _written([list(_HEADER), *map(list, fields)])}
    options: dict[str, str | int] = {"dictionary": DICTIONARY}
    what = f"{len(fields)} fields, {len(records)} records"
    if chance.random() < 0.4:  # noqa: PLR2004
        rows = {line: tuple(cells) for line, cells in enumerate(records, start=2)}
        return Case(files, what, WHOLE, options, Table(tuple(columns), rows))
    damaged = chance.choice((EXPORT, DICTIONARY))
    files[damaged], how = damage_bytes(files[damaged], chance)
    return Case(files, f"{what}; {damaged}: {how}", DAMAGED, options)


def read_second(case: Case) -> Table:
    """Read the export by the second reader."""
    return read_delimited(case.files[EXPORT], encoding="utf-8", delimiter=",")


def columns_of(field: tuple[str, str, str, str]) -> list[str]:
    """Name the columns of a field in an export."""
    name, _, kind, choices = field
    if kind == "checkbox":
        codes = [choice.split(",")[0].strip().lower() for choice in choices.split("|")]
        return [f"{name}___{code.replace('-', '_')}" for code in codes]
    return [] if kind == "descriptive" else [name]


def second_labels(case: Case) -> set[tuple[str, str, str]]:
    """Read column, code and label of every choice from the dictionary, by the second reader."""
    table = read_delimited(case.files[DICTIONARY], encoding="utf-8", delimiter=",")
    places = [table.columns.index(name) for name in _HEADER]
    found: set[tuple[str, str, str]] = set()
    for cells in table.rows.values():
        name, form, kind, choices = (cells[place].strip() for place in places)
        found |= {(f"{form}_complete", code, label) for code, label in
                  (("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete"))}  # fmt: skip
        pairs = [
            (code.strip(), label.strip()) for part in choices.split("|") for code, _, label in [part.partition(",")]
        ]
        if kind == "checkbox":
            found |= {
                (column, "1", label)
                for column, (_, label) in zip(columns_of((name, form, kind, choices)), pairs, strict=True)
            }
        elif kind in {"radio", "dropdown"}:
            found |= {(name, code, label) for code, label in pairs}
        elif kind == "yesno":
            found |= {(name, "1", "Yes"), (name, "0", "No")}
    return found


def _cell(chance: random.Random) -> str:
    return draw_text(chance).replace("\n", " ").replace("\r", " ")


def _written(records: list[list[str]]) -> bytes:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in records]
    return ("\n".join(lines) + "\n").encode()
