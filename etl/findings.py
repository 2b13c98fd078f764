"""Findings: everything in a delivery that a person should know of, each kind declared once as a rule.

A finding names its rule; the rule says everything else: who finds it, which of Kahn's data-quality categories it belongs
to, how severe it is, what it costs, how its sentence reads, and what to do about it. Whoever handles findings asks the
rule for its fields; no list of rule names stands elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

Category = Literal["conformance", "completeness", "plausibility"]
Severity = Literal["fatal", "error", "warning", "note"]
FoundBy = Literal["reading", "headers", "mapping", "gate", "rows", "changes", "sites"]
Costs = Literal["column", "row", "none"]
Shows = Literal["cell", "words"]
Against = Literal["last delivery", "other hospitals"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The most severe first."""


class Audience(StrEnum):
    """Who reads a list of findings, and so what it says to do."""

    HOSPITAL = "hospital"
    DATA_MANAGER = "data-manager"

    @property
    def field(self) -> Literal["for_hospital", "for_data_manager"]:
        """Name the field of a rule that says what this audience can do."""
        return "for_hospital" if self is Audience.HOSPITAL else "for_data_manager"


@dataclass(frozen=True)
class Rule:
    """One kind of finding.

    `found_by` names the step that finds it:

    - `reading`: the files of a delivery, before any row is made;
    - `headers`: the mapping compared with the columns of the files, which needs no row;
    - `mapping`: making rows; `gate`: checking rows against the model;
    - `rows`: a search of the staged rows (a query of etl/quality/plausibility bears the rule's name);
    - `changes`: columns as wholes, compared with the last delivery;
    - `sites`: columns as wholes, compared with the other hospitals.

    `costs` says what a finding takes away: the `row` (it is quarantined), `none`, or what the model states for the
    `column` (cell or row; nothing where the finding has no column). `shows` says what `found` is: a `cell` as the
    hospital wrote it, which is shown in quotes, or `words` of our own. `says` completes a sentence that begins with the
    address; `{found}` and `{expected}` stand for the finding's own. `says_to_hospital` replaces it in a list that goes to the
    hospital, where `says` names what is not the hospital's: the mapping, the model, another hospital's patient. What its
    sentence does not name, `found` or `expected`, the hospital is not shown at all. `for_hospital` says what the hospital can do
    about it, in its own file, and `for_data_manager` what the data manager can do, in the mapping; empty where only the
    other can act.

    `against` names what a delivery was compared with, for rules that compare. `checks` names Pandera's checks of a
    column that the rule reports, for rules of the gate.
    """

    name: str
    found_by: FoundBy
    category: Category
    severity: Severity
    costs: Costs
    shows: Shows
    says: str
    for_hospital: str
    for_data_manager: str
    against: Against | None = None
    checks: tuple[str, ...] = ()
    says_to_hospital: str = ""


_RULES = (
    # reading: what the files of a delivery show
    Rule("ragged_record", "reading", "conformance", "error", "row", shows="words",
         says="the record has {found} fields, not {expected}",
         for_hospital="Correct the record's delimiters or quotes in the export.",
         for_data_manager="Check the delimiter and the quote that mapping.yaml states, if many records are so."),
    Rule("broken_quotes", "reading", "conformance", "error", "row", shows="words",
         says="text follows a closing quote, so its cells cannot be separated",
         for_hospital="Correct the record's quotes in the export.",
         for_data_manager="Check the quote that mapping.yaml states, if many records are so."),
    Rule("repeated_header", "reading", "conformance", "error", "row", shows="words",
         says="the record is the file's header once more",
         for_hospital="Put exports together without their headers.",
         for_data_manager="Nothing to do: the record is nobody's and is left out."),
    Rule("masked_identifier", "reading", "conformance", "warning", "none", shows="words",
         says="{found} was found and masked",
         for_hospital="Remove it from the cell before the next export.",
         for_data_manager="Name the column under 'identity:' in mapping.yaml, if it is meant for identifiers."),
    Rule("masked_column", "reading", "conformance", "error", "none", shows="words",
         says="most cells hold {found}; the whole column was masked",
         for_hospital="Leave the column out of the next export, or say what it is for.",
         for_data_manager="Name the column under 'identity:' in mapping.yaml, as 'drop' or 'pseudonymise'."),
    Rule("number_or_identifier", "reading", "plausibility", "warning", "none", shows="words",
         says="the number may be a {found} that a spreadsheet has changed; it was kept, for the column is a measured one",
         for_hospital="Look at the cell in your own file; if it is an identifier, remove it there.",
         for_data_manager="Name the column under 'identity:' in mapping.yaml, if it holds identifiers."),
    Rule("error_cell", "reading", "conformance", "error", "none", shows="words",
         says="the cell shows the error {found}, which counts as empty",
         for_hospital="Correct the formula in the workbook, or fill the cell.",
         for_data_manager="Nothing to do in mapping.yaml: the cell counts as empty until the workbook is corrected."),
    Rule("formula_without_value", "reading", "conformance", "error", "none", shows="words",
         says="the cell holds {found} that was never calculated",
         for_hospital="Open the workbook in Excel, save it, and send it again.",
         for_data_manager="Ask for the workbook again: what the formula gives is not in it."),
    Rule("merged_cells", "reading", "conformance", "warning", "none", shows="words",
         says="cells are merged ({found}); only the first of them holds the value",
         for_hospital="Unmerge them and fill each cell.",
         for_data_manager="Check with the hospital for which of the cells the value holds; only the first has it."),
    Rule("hidden_rows", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on are hidden in the sheet, by hand or by a filter, and were read like the others",
         for_hospital="Say whether they are meant: show them, or delete them.",
         for_data_manager="Leave them out with 'keep_if' in mapping.yaml, if they are not meant and a column shows it."),
    Rule("hidden_column", "reading", "conformance", "warning", "none", shows="words",
         says="the column is {found} in the sheet and was read like the others",
         for_hospital="Say whether it is meant: show it, or delete it.",
         for_data_manager="Name the column under 'ignore' in mapping.yaml, if it is not meant."),
    Rule("percent_format", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on are shown as percents; the file holds fractions (40 % is 0.4)",
         for_hospital="Type the numbers without a percent format.",
         for_data_manager="Convert them in mapping.yaml, if the column is to hold percents."),
    Rule("struck_out", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on hold struck-out text, which was read like any other",
         for_hospital="Delete what is struck out, or lift the strike.",
         for_data_manager="Ask which of the cells count; they are read as they stand."),
    Rule("typed_date", "reading", "conformance", "warning", "none", shows="words",
         says="{found}; a spreadsheet turns entries such as 1-2 into dates",
         for_hospital="Compare the cells with what was entered; format the column as text and type them again.",
         for_data_manager="Do not recode the dates back: what was entered cannot be known from them."),
    Rule("absent_field", "reading", "completeness", "note", "none", shows="words",
         says="the data dictionary has this field, the export does not",
         for_hospital="Export every field that was asked for.",
         for_data_manager="Name the field under 'not_collected' or 'ignore' in mapping.yaml, if it is not wanted."),
    Rule("undeclared_missing", "reading", "conformance", "warning", "none", shows="words",
         says="the file declares {found} as missing, the mapping does not ({expected})",
         says_to_hospital="the file declares {found} as missing",
         for_hospital="Say what the code means.",
         for_data_manager="List it under 'missing' in mapping.yaml, or recode it."),
    Rule("unused_sheet", "reading", "completeness", "note", "none", shows="words",
         says="no source in the mapping names the sheet {found}",
         for_hospital="",
         for_data_manager="Add a source to mapping.yaml, or ask for the workbook without the sheet."),
    Rule("blank_lines", "reading", "conformance", "note", "none", shows="words",
         says="{found} blank lines were passed over",
         for_hospital="",
         for_data_manager="Nothing to do."),
    Rule("no_final_newline", "reading", "conformance", "note", "none", shows="words",
         says="the file does not end in a line break",
         for_hospital="Check that the export was not cut short.",
         for_data_manager="Compare the number of records with what the hospital exported."),
    Rule("absent_column", "reading", "completeness", "warning", "none", shows="words",
         says="the file lacks this column, which other files of its source have",
         for_hospital="Export the column in this file too, or say what it is called there.",
         for_data_manager="Name both under 'coalesce' in mapping.yaml, where it has another name here. Until then it is empty."),
    Rule("unused_file", "reading", "completeness", "note", "none", shows="words",
         says="no source in the mapping names the file {found}",
         for_hospital="",
         for_data_manager="Add a source to mapping.yaml, or ask for the delivery without the file."),
    Rule("unread_entry", "reading", "completeness", "warning", "none", shows="words",
         says="the delivery holds {found}, which is not read",
         for_hospital="Put files that are meant into the delivery's own folder, and leave out the rest.",
         for_data_manager="Move it into the delivery's own folder, if it is meant."),
    # headers: the mapping against the columns of the files
    Rule("unused_column", "headers", "completeness", "note", "none", shows="words",
         says="the column is neither used nor listed under 'ignore'",
         for_hospital="",
         for_data_manager="Map it, or name it under 'ignore' in mapping.yaml."),
    Rule("unused_source", "headers", "completeness", "note", "none", shows="words",
         says="no table reads this source",
         for_hospital="",
         for_data_manager="Map it, or remove the source from mapping.yaml."),
    Rule("never_filled", "headers", "completeness", "note", "none", shows="words",
         says="nothing fills this canonical column",
         for_hospital="",
         for_data_manager="Map it, or name it under 'not_collected' in mapping.yaml."),
    # mapping: what could not be parsed, recoded, converted or looked up
    Rule("not_a_number", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is not {expected}",
         for_hospital="Correct the cell.",
         for_data_manager="Extend the number format in mapping.yaml ('qualifier' takes the sign of <0.5), or list the text under "
         "'missing', if the cell is right."),
    Rule("not_a_date", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is not a date of the form {expected}",
         for_hospital="Correct the cell.",
         for_data_manager="Add its format to mapping.yaml, if the cell is right."),
    Rule("not_a_boolean", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is none of {expected}",
         for_hospital="Correct the cell.",
         for_data_manager="List the word under 'boolean' in mapping.yaml, if the cell is right."),
    Rule("unlisted_code", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is not listed ({expected})",
         for_hospital="Correct the cell, or say what the code means.",
         for_data_manager="Add the code to the mapping's list, once its meaning is known."),
    Rule("default_taken", "mapping", "conformance", "note", "none", shows="cell",
         says="{found} is not listed, so it counts as {expected}, the default of its column",
         for_hospital="",
         for_data_manager="Read the words that fell under the default; list those that mean something else."),
    Rule("no_anchor_day", "mapping", "completeness", "error", "column", shows="cell",
         says="{found} counts from a day that is empty ({expected})",
         for_hospital="Fill in the day from which it counts.",
         for_data_manager="Name another column under 'since' in mapping.yaml, if the day stands there."),
    Rule("no_counted_day", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} does not count to a day ({expected})",
         for_hospital="Correct the cell.",
         for_data_manager="Correct 'unit' or 'first' in mapping.yaml, or cut the number out with 'extract', if the cell is right."),
    Rule("no_match", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} does not have the form {expected}",
         for_hospital="Correct the cell.",
         for_data_manager="Widen the pattern in mapping.yaml, if the cell is right."),
    Rule("unit_does_not_fit", "mapping", "conformance", "error", "column", shows="cell",
         says="the unit {found} is none of those that fit ({expected})",
         for_hospital="Correct the unit, or what was measured.",
         for_data_manager="Add the conversion to schemas/reference/unit_conversion.csv, if the unit is right."),
    Rule("unit_missing", "mapping", "completeness", "warning", "none", shows="words",
         says="the value has no unit; one of these was expected: {expected}",
         for_hospital="Fill in the unit.",
         for_data_manager="State the unit in mapping.yaml, if it is always the same. The number is kept, not harmonised."),
    Rule("unlisted_unit", "mapping", "conformance", "error", "column", shows="cell",
         says="the unit {found} is not listed ({expected})",
         for_hospital="Correct the unit.",
         for_data_manager="List it under 'unit' in mapping.yaml, if it is right."),
    Rule("no_unit", "mapping", "completeness", "error", "column", shows="words",
         says="the number has no unit ({expected})",
         for_hospital="Fill in the unit.",
         for_data_manager="State the unit in mapping.yaml, if it is always the same."),
    Rule("lookup_missed", "mapping", "completeness", "warning", "none", shows="words",
         says="nothing in {expected} matches {found}",
         says_to_hospital="no record of the list or table that the cell refers to matches {found}",
         for_hospital="Complete the list or table that this cell refers to.",
         for_data_manager="Say 'optional: true' in mapping.yaml, if it need not be there."),
    Rule("lookup_ambiguous", "mapping", "conformance", "error", "none", shows="words",
         says="more than one record of {expected} matches {found}, or one whose dates cannot be read",
         says_to_hospital="more than one record matches {found}, or one whose dates cannot be read",
         for_hospital="Leave one of the records, or correct their dates.",
         for_data_manager="Match further columns in mapping.yaml, or say which of the records to keep."),
    Rule("condition_unknown", "mapping", "conformance", "warning", "none", shows="words",
         says="a condition cannot be decided here ({found}), so it leaves nothing out; it stands under {expected}",
         says_to_hospital="it cannot be decided whether the record counts ({found}), so it was kept",
         for_hospital="Fill the cells that decide whether the record counts.",
         for_data_manager="Widen the condition in mapping.yaml."),
    Rule("uneven_parts", "mapping", "conformance", "error", "none", shows="words",
         says="lists that belong together are not of one length ({found})",
         for_hospital="Correct the lists: each must have as many parts as the others.",
         for_data_manager="Check the separator in mapping.yaml. Their parts are paired in order, and the missing ones are empty."),
    Rule("too_many_parts", "mapping", "conformance", "error", "none", shows="words",
         says="the list is too long ({found}; {expected})",
         for_hospital="Correct the cell.",
         for_data_manager="Check the separator in mapping.yaml. The cell is read as one."),
    # gate: what the model demands of a row
    Rule("missing_required", "gate", "completeness", "error", "column", shows="words", checks=("not_nullable",),
         says="the cell is empty, and the row is worth nothing without it",
         for_hospital="Fill the cell.",
         for_data_manager="Take another column under 'coalesce' in mapping.yaml, if one holds it."),
    Rule("not_in_code_list", "gate", "conformance", "error", "column", shows="cell", checks=("isin",),
         says="{found} is not a code of the list {expected}",
         for_hospital="",
         for_data_manager="Correct the codes that the mapping writes."),
    Rule("out_of_range", "gate", "plausibility", "error", "column", shows="words",
         checks=("greater_than_or_equal_to", "less_than_or_equal_to", "greater_than", "less_than"),
         says="{found} is outside the range of the column ({expected})",
         for_hospital="Check the value and its unit.",
         for_data_manager="Check the unit that mapping.yaml states."),
    Rule("wrong_form", "gate", "conformance", "error", "column", shows="cell", checks=("str_matches", "str_length"),
         says="{found} does not have the form expected ({expected})",
         for_hospital="Correct the cell.",
         for_data_manager="Cut out the part that counts with 'extract' in mapping.yaml, if the cell is right."),
    Rule("duplicate_key", "gate", "conformance", "error", "row", shows="words",
         says="a row with the same key came before ({found}; there is {expected})",
         for_hospital="Remove one of the two, or correct what should tell them apart.",
         for_data_manager="State a winner under 'deduplicate' in mapping.yaml; under 'over_parts' where two files hold it."),
    Rule("parent_refused", "gate", "conformance", "warning", "row", shows="words",
         says="the patient's own row was quarantined",
         for_hospital="Correct the patient's own record; this one then follows.",
         for_data_manager="Look at the finding about the patient's own row: this one goes with it."),
    Rule("unknown_parent", "gate", "conformance", "error", "row", shows="words",
         says="the patient is not in this delivery",
         for_hospital="Send the patient's own record too, or correct the number.",
         for_data_manager="Check that the patients' file is whole, and that both files write the number alike."),
    # rows: rows of the staged load that cannot be true
    Rule("implausible_value", "rows", "plausibility", "warning", "none", shows="words",
         says="{found} is outside the plausible range {expected}",
         for_hospital="Check the value, its decimal point and its unit.",
         for_data_manager="Check the unit that mapping.yaml states, if many values are so."),
    Rule("size_disagrees", "rows", "plausibility", "warning", "none", shows="words",
         says="{found} does not go with {expected}",
         for_hospital="Check the unit: centimetres may stand among millimetres.",
         for_data_manager="Check the unit that mapping.yaml states, if many sizes are so."),
    Rule("grade_not_in_term", "rows", "plausibility", "error", "none", shows="words",
         says="grade {found} does not exist ({expected})",
         for_hospital="Check the grade and the term.",
         for_data_manager="Check the recoded term, if many are so. The event is kept, its grade cannot be used."),
    Rule("before_birth", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies before the birth date {expected}",
         for_hospital="Check both dates.",
         for_data_manager="Check the date formats in mapping.yaml, if many dates are so: day and month may be exchanged."),
    Rule("after_death", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies after the death {expected}",
         for_hospital="Check both dates.",
         for_data_manager="Check the date formats in mapping.yaml, if many dates are so: day and month may be exchanged."),
    Rule("end_before_start", "rows", "plausibility", "error", "none", shows="words",
         says="the end {found} lies before the start {expected}",
         for_hospital="Check both dates.",
         for_data_manager="Check that mapping.yaml does not exchange the columns of start and end, if many are so."),
    Rule("patient_withdrawn", "rows", "completeness", "warning", "none", shows="words", against="last delivery",
         says="patient {found} was in the last delivery and is not in this one",
         says_to_hospital="the patient is not in this delivery",
         for_hospital="Say whether consent was withdrawn. If the patient was forgotten, send the export again.",
         for_data_manager="Ask before the load is used: with the patient all rows are gone."),
    Rule("same_person", "rows", "plausibility", "warning", "none", shows="words", against="other hospitals",
         says="born on the same day, of the same sex and with a date in common with {found}",
         says_to_hospital="the patient may have been treated at another hospital too",
         for_hospital="Say whether the patient was treated at another hospital too.",
         for_data_manager="Ask both hospitals whether they treated the same person; one of the two rows must then be left out."),
    Rule("in_the_future", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies after the day of the delivery",
         for_hospital="Check the date.",
         for_data_manager="Check the date formats in mapping.yaml, if many dates are so."),
    # changes: columns as wholes, against the last delivery
    Rule("unit_changed", "changes", "plausibility", "warning", "none", shows="words", against="last delivery",
         says="{found}; the last delivery had it {expected}",
         for_hospital="Say whether the laboratory changed the unit, or only its name.",
         for_data_manager="Correct the units in mapping.yaml, if only the name changed."),
    Rule("scale_changed", "changes", "plausibility", "error", "none", shows="words", against="last delivery",
         says="{found}; in the last delivery it was {expected}",
         for_hospital="Say whether the unit changed; if it did, correct it in the export.",
         for_data_manager="Correct the unit in mapping.yaml, if the hospital changed it on purpose."),
    Rule("codes_changed", "changes", "plausibility", "warning", "none", shows="words", against="last delivery",
         says="{found}; in the last delivery they were {expected}",
         for_hospital="Say whether the coding or the choice of patients changed.",
         for_data_manager="Check the recode map in mapping.yaml."),
    # sites: columns as wholes, against the other hospitals
    Rule("scale_differs", "sites", "plausibility", "warning", "none", shows="words", against="other hospitals",
         says="{found}; it is {expected}",
         for_hospital="Check the unit in the export.",
         for_data_manager="Check the unit that mapping.yaml states."),
    Rule("fill_rate_differs", "sites", "completeness", "warning", "none", shows="words", against="other hospitals",
         says="{found}; it is {expected}",
         for_hospital="Say whether it is not known, or was left out of the export.",
         for_data_manager="Check that the mapping takes every column that holds it, and what 'missing' empties."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
"""Every rule by its name."""


def rules_found_by(*steps: FoundBy) -> tuple[str, ...]:
    """Name the rules that these steps find, in the order of their declaration."""
    return tuple(rule.name for rule in RULES.values() if rule.found_by in steps)


def rules_against(what: Against) -> tuple[str, ...]:
    """Name the rules that compare a delivery with the last one, or with the other hospitals."""
    return tuple(rule.name for rule in RULES.values() if rule.against == what)
