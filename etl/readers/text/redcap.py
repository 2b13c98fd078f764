"""REDCap: check an export against the project's data dictionary, a companion file in the delivery.

The dictionary (one row per field: name, form, type, choices) must list the export's columns. Its choices become the
labels of the codes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from etl.delivery.folder import files_matching
from etl.readers.naming import list_some
from etl.readers.reader import Examination, ValueLabel
from warehouse.errors import DeliveryError

_HEADINGS = {
    "field": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "kind": ("Field Type", "field_type"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
}
"""The columns of a dictionary that are read, as REDCap's pages and its API name them."""

_OWN = {
    "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group",
    "redcap_survey_identifier",
}  # fmt: skip
_OF_FORM = ("_complete", "_timestamp")
_STATES = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
_FIXED = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_CHOSEN = {"radio", "dropdown", "checkbox"}


@dataclass(frozen=True)
class _Field:
    """A field of the dictionary; `choices` are labels by code."""

    name: str
    form: str
    kind: str
    choices: Mapping[str, str]

    def columns(self) -> dict[str, dict[str, str]]:
        """The export's columns for this field, each with the labels of its codes."""
        if self.kind == "descriptive":  # text on the form, without data
            return {}
        if self.kind != "checkbox":
            return {self.name: dict(self.choices)}
        return {f"{self.name}___{_suffix(code)}": {"1": label} for code, label in self.choices.items()}


def compare_with_dictionary(
    path: Path, name: str, examination: Examination, *, pattern: str, examine: Callable[[Path, str], Examination]
) -> Examination:
    """Compare an export's header with its dictionary; return the examination with labels, and notes on what the export lacks.

    `examine` reads the dictionary's text. Raises DeliveryError when there is not one dictionary, when it is not one, or
    when the export has a column that the dictionary does not list.
    """
    companions = [found for found in files_matching(path.parent, pattern) if found != path]
    if len(companions) != 1:
        raise DeliveryError(
            f"{name}: {len(companions) or 'no'} files next to it fit '{pattern}', but one data dictionary was expected. "
            f"Ask for it, or correct 'dictionary' in mapping.yaml."
        )
    dictionary_name = unicodedata.normalize("NFC", companions[0].name)
    read = examine(companions[0], dictionary_name)
    fields = _read_fields(read, dictionary_name)
    labelled = {column: labels for field in fields for column, labels in field.columns().items()}
    states = {f"{field.form}{end}": _STATES if end == "_complete" else {} for field in fields for end in _OF_FORM}
    strange = [
        column for column in examination.columns if not (column in labelled or column in states or column in _OWN)
    ]
    codes = {column: code for column in strange if (code := _missing_code(column, fields)) is not None}
    strange = [column for column in strange if column not in codes]
    if strange:
        raise DeliveryError(
            f"{name}: {dictionary_name} does not know {list_some(strange)}. "
            f"Is it the dictionary of this project, and of this day? Ask for export and dictionary of the same day."
        )
    present = set(examination.columns)
    labels = tuple(
        ValueLabel(column, code, label, is_missing=False)
        for column, codes in (labelled | states).items()
        if column in present
        for code, label in codes.items()
    )
    absent = tuple((column, "absent_field", None) for column in labelled if column not in present)
    return replace(
        examination,
        labels=labels,
        notes=(*examination.notes, *absent),
        companions={dictionary_name: read.sha256},
        companion_columns=read.columns,
        missing_codes=codes,
    )


def check_missing_codes(name: str, examination: Examination, missing: Iterable[str]) -> None:
    """Check that the mapping lists the codes for which an export has columns that no dictionary lists.

    A project's missing-data codes give every checkbox a column of their own, `symptom___unk`.

    Raises:
        DeliveryError: `missing` lacks one of them.
    """
    listed = {_suffix(str(token).strip()) for token in missing}
    unlisted = [column for column, code in examination.missing_codes.items() if code not in listed]
    if unlisted:
        raise DeliveryError(
            f"{name}: {', '.join(examination.companions)} does not know {list_some(unlisted)}. If "
            f"'{examination.missing_codes[unlisted[0]]}' is a missing-data code of the project, list it under 'missing' in "
            f"mapping.yaml. Else ask for export and dictionary of the same day."
        )


def _missing_code(column: str, fields: Iterable[_Field]) -> str | None:
    """Return the code that a column adds to a checkbox of the dictionary; None for any other column."""
    for field in fields:
        if field.kind == "checkbox" and column.startswith(f"{field.name}___"):
            return column.removeprefix(f"{field.name}___")
    return None


def _read_fields(read: Examination, name: str) -> list[_Field]:
    headings = {
        what: next((heading for heading in names if heading in read.columns), None) for what, names in _HEADINGS.items()
    }
    missing = [_HEADINGS[what][0] for what, heading in headings.items() if heading is None]
    if missing:
        raise DeliveryError(
            f"{name}: this is no data dictionary of REDCap; it has no column '{missing[0]}'. "
            f"Download it from the project's page 'Data Dictionary'."
        )
    return [
        _field(name, **{what: str(row[heading]).strip() for what, heading in headings.items()})
        for batch in read.read_batches(_Refusing(name))
        for row in batch.to_pylist()
    ]


def _field(where: str, *, field: str, form: str, kind: str, choices: str) -> _Field:
    parsed = dict(_FIXED.get(kind, {}))
    if kind in _CHOSEN:
        parsed = dict(_read_choices(choices, f"{where}: the field '{field}'"))
    return _Field(field, form, kind, parsed)


def _read_choices(choices: str, where: str) -> Iterator[tuple[str, str]]:
    """Read `1, Male | 2, Female`."""
    for choice in filter(None, map(str.strip, choices.split("|"))):
        code, comma, label = choice.partition(",")
        if not comma or not code.strip():
            raise DeliveryError(f"{where} has a choice without 'code, label'. Download the dictionary again.")
        yield code.strip(), label.strip()


def _suffix(code: str) -> str:
    """Write a checkbox's code as REDCap does in a column's name: in lower case, other characters as `_`."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


class _Refusing:
    """A reception for a dictionary, which is read whole or not at all."""

    def __init__(self, name: str) -> None:
        self._name = name

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:
        found = "its quotes are broken" if cells is None else f"{len(cells)} cells"
        raise DeliveryError(
            f"{self._name} line {line}: record {record} is damaged ({found}). Download the dictionary again."
        )

    def take_repeated_header(self, record: int, line: int) -> None:
        raise DeliveryError(
            f"{self._name} line {line}: record {record} repeats the header. Download the dictionary again."
        )

    def take_blank_line(self) -> None:
        """Ignore a blank line."""

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:
        """Ignore cells: text has no typed ones."""
        raise AssertionError((record, line, column, rule, found))
