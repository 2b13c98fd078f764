"""Findings: everything a delivery holds that a person should hear of, each kind stated once.

A finding names its rule; this table says what the rule means, which of Kahn's data-quality categories it belongs to,
how grave it is, and what to do about it. What it costs (cell, row, nothing) is the column's or the rule's business and
is stored with the finding.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Category = Literal["conformance", "completeness", "plausibility"]
Severity = Literal["fatal", "error", "warning", "note"]
Cost = Literal["cell", "row", "none"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""


@dataclass(frozen=True)
class Rule:
    """One kind of finding.

    `says` completes a sentence that begins with the address; `{found}` and `{expected}` stand for the finding's own.
    """

    name: str
    category: Category
    severity: Severity
    says: str
    advice: str


_RULES = (
    # reading
    Rule("ragged_record", "conformance", "error", "the record has {found} fields, not {expected}",
         "Correct the record's delimiters or quotes in the export."),
    Rule("broken_quotes", "conformance", "error", "text follows a closing quote, so its cells cannot be told apart",
         "Correct the record's quotes in the export."),
    Rule("masked_identifier", "conformance", "warning", "{found} was found and masked",
         "Remove it at the hospital, or name the column under 'identity:'."),
    Rule("masked_column", "conformance", "error", "most cells hold {found}; the whole column was masked",
         "Name the column under 'identity:' as 'drop' or 'pseudonymise'."),
    Rule("error_cell", "conformance", "error", "the cell shows the error {found}, which counts as empty",
         "Correct the formula in the workbook, or fill the cell."),
    Rule("formula_without_value", "conformance", "error", "the cell holds {found} that was never calculated",
         "Open the workbook in Excel, save it, and send it again."),
    Rule("merged_cells", "conformance", "warning", "cells are merged ({found}); only the first of them holds the value",
         "Unmerge them and fill each cell."),
    Rule("absent_field", "completeness", "note", "the data dictionary has this field, the export does not",
         "Check that the export holds every field that was asked for."),
    Rule("undeclared_missing", "conformance", "warning",
         "the file declares {found} as missing, the mapping does not ({expected})",
         "List it under 'missing' in mapping.yaml, or recode it."),
    Rule("unused_sheet", "completeness", "note", "no source in the mapping names the sheet {found}",
         "Add a source to mapping.yaml, or leave the sheet out of the workbook."),
    Rule("blank_lines", "conformance", "note", "{found} blank lines were passed over", "Nothing to do."),
    Rule("no_final_newline", "conformance", "note", "the file does not end in a line break",
         "Check that the export was not cut short."),
    Rule("unused_column", "completeness", "note", "the column is neither used nor listed under 'ignore'",
         "Map it, or name it under 'ignore' in mapping.yaml."),
    Rule("absent_column", "completeness", "warning", "the file lacks this column, which other files of its source have",
         "Ask for it; where it has another name here, name both under 'coalesce'. Until then it is empty."),
    Rule("unused_source", "completeness", "note", "no table reads this source",
         "Map it, or remove the source from mapping.yaml."),
    Rule("unused_file", "completeness", "note", "no source in the mapping names the file {found}",
         "Add a source to mapping.yaml, or leave the file out of the delivery."),
    Rule("never_filled", "completeness", "note", "nothing fills this canonical column",
         "Map it, or name it under 'not_collected' in mapping.yaml."),
    # mapping
    Rule("not_a_number", "conformance", "error", "{found} is not a number ({expected})",
         "Correct the cell, or extend the number format in mapping.yaml."),
    Rule("not_a_date", "conformance", "error", "{found} fits none of {expected}",
         "Correct the cell, or add its format to mapping.yaml."),
    Rule("not_a_boolean", "conformance", "error", "{found} is neither of {expected}",
         "Correct the cell, or list the value in mapping.yaml."),
    Rule("unlisted_code", "conformance", "error", "{found} is not listed ({expected})",
         "Correct the cell, or add the code to the mapping's list."),
    Rule("no_match", "conformance", "error", "{found} does not have the form {expected}",
         "Correct the cell, or widen the pattern in mapping.yaml."),
    Rule("unit_does_not_fit", "conformance", "error", "the unit {found} does not fit {expected}",
         "Correct the unit, or add the conversion."),
    Rule("unit_missing", "completeness", "warning", "the value has no unit; {expected} was expected",
         "Ask for the unit. The number is kept as reported, without a harmonised value."),
    Rule("unlisted_unit", "conformance", "error", "the unit {found} is not listed ({expected})",
         "Correct the unit, or list it under 'unit' in mapping.yaml."),
    Rule("no_unit", "completeness", "error", "the number has no unit ({expected})", "Fill in the unit."),
    Rule("lookup_missed", "completeness", "warning", "nothing in {expected} matches {found}",
         "Complete what is looked up in, or say 'optional: true' in mapping.yaml."),
    Rule("lookup_ambiguous", "conformance", "error",
         "more than one record of {expected} matches {found}, or one whose dates cannot be read",
         "Leave one of the records, correct their dates, or match further columns in mapping.yaml."),
    Rule("condition_unknown", "conformance", "warning", "'keep_if' cannot be decided here ({found}); the record is kept",
         "Fill the cells that the condition reads, or widen it."),
    Rule("uneven_parts", "conformance", "error", "lists that belong together are not of one length ({found})",
         "Correct the lists. Their parts are paired in order, and the missing ones are empty."),
    Rule("too_many_parts", "conformance", "error", "the list is too long ({found}; {expected})",
         "Correct the cell, or the separator in mapping.yaml. The cell is read as one."),
    # gate
    Rule("missing_required", "completeness", "error", "the cell is empty, and the row is worth nothing without it",
         "Fill the cell."),
    Rule("not_in_code_list", "conformance", "error", "{found} is not in the code list ({expected})",
         "Correct the mapping's target codes."),
    Rule("out_of_range", "plausibility", "error", "{found} is outside {expected}", "Check the value and its unit."),
    Rule("wrong_form", "conformance", "error", "{found} does not have the form {expected}", "Correct the cell."),
    Rule("duplicate_key", "conformance", "error", "a row with the same key came before ({found})",
         "Remove one of the two, or state a winner under 'deduplicate'."),
    Rule("parent_refused", "conformance", "warning", "the patient's own row was refused",
         "Correct the patient's row; this one then follows."),
    Rule("unknown_parent", "conformance", "error", "the patient is not in this delivery",
         "Check that the patients' export is full."),
    # plausibility of the staged rows
    Rule("implausible_value", "plausibility", "warning", "{found} is outside the plausible range {expected}",
         "Check the value, its decimal point and its unit."),
    Rule("size_disagrees", "plausibility", "warning", "{found} does not go with {expected}",
         "Check the unit: centimetres may stand among millimetres."),
    Rule("grade_not_in_term", "plausibility", "error", "grade {found} does not exist ({expected})",
         "Check the grade and the term. The event is kept, its grade cannot be used."),
    Rule("before_birth", "plausibility", "error", "{found} lies before the birth date {expected}", "Check both dates."),
    Rule("after_death", "plausibility", "error", "{found} lies after the death {expected}", "Check both dates."),
    Rule("end_before_start", "plausibility", "error", "the end {found} lies before the start {expected}", "Check both dates."),
    Rule("patient_withdrawn", "completeness", "warning", "patient {found} was in the last delivery and is not in this one",
         "Ask whether consent was withdrawn. If the patient was forgotten, ask for the export again."),
    Rule("same_person", "plausibility", "warning", "born on the same day, of the same sex and with a date in common with {found}",
         "Ask both hospitals whether they treated the same person; one of the two rows must then be left out."),
    Rule("in_the_future", "plausibility", "error", "{found} lies after the day of the delivery", "Check the date."),
    # columns as wholes, against the last delivery and the other hospitals
    Rule("unit_changed", "plausibility", "warning", "{found}; the last delivery had it {expected}",
         "Ask whether the laboratory changed the unit, or only its name."),
    Rule("scale_changed", "plausibility", "error", "{found}; in the last delivery it was {expected}",
         "Ask whether the unit changed. If it did, correct the unit in the export or in mapping.yaml."),
    Rule("codes_changed", "plausibility", "warning", "{found}; in the last delivery they were {expected}",
         "Ask whether the coding or the choice of patients changed, and check the recode map."),
    Rule("scale_differs", "plausibility", "warning", "{found}; it is {expected}",
         "Check the unit in the export and in mapping.yaml."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
"""Every rule by its name."""
