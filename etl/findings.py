"""Findings: everything in a delivery that a person should know of, each kind declared once as a rule.

A finding names its rule; the rule says everything else: who finds it, which of Kahn's data-quality categories it belongs
to, how severe it is, what it costs, how its sentence reads, and what to do about it. Whoever handles findings asks the
rule for its fields; no list of rule names stands elsewhere.
"""

from dataclasses import dataclass
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
    address; `{found}` and `{expected}` stand for the finding's own. `advice` says what to do.

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
    advice: str
    against: Against | None = None
    checks: tuple[str, ...] = ()


_RULES = (
    # reading: what the files of a delivery show
    Rule("ragged_record", "reading", "conformance", "error", "row", shows="words",
         says="the record has {found} fields, not {expected}",
         advice="Correct the record's delimiters or quotes in the export."),
    Rule("broken_quotes", "reading", "conformance", "error", "row", shows="words",
         says="text follows a closing quote, so its cells cannot be separated",
         advice="Correct the record's quotes in the export."),
    Rule("repeated_header", "reading", "conformance", "error", "row", shows="words",
         says="the record is the file's header once more",
         advice="Put exports together without their headers. The record is nobody's and is left out."),
    Rule("masked_identifier", "reading", "conformance", "warning", "none", shows="words",
         says="{found} was found and masked",
         advice="Remove it at the hospital, or name the column under 'identity:'."),
    Rule("masked_column", "reading", "conformance", "error", "none", shows="words",
         says="most cells hold {found}; the whole column was masked",
         advice="Name the column under 'identity:' as 'drop' or 'pseudonymise'."),
    Rule("number_or_identifier", "reading", "plausibility", "warning", "none", shows="words",
         says="the number may be a {found} that a spreadsheet has changed; it was kept, for the column is a measured one",
         advice="Look at the cell in the hospital's own file; if it is an identifier, remove it there."),
    Rule("error_cell", "reading", "conformance", "error", "none", shows="words",
         says="the cell shows the error {found}, which counts as empty",
         advice="Correct the formula in the workbook, or fill the cell."),
    Rule("formula_without_value", "reading", "conformance", "error", "none", shows="words",
         says="the cell holds {found} that was never calculated",
         advice="Open the workbook in Excel, save it, and send it again."),
    Rule("merged_cells", "reading", "conformance", "warning", "none", shows="words",
         says="cells are merged ({found}); only the first of them holds the value",
         advice="Unmerge them and fill each cell."),
    Rule("hidden_rows", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on are hidden in the sheet, by hand or by a filter, and were read like the others",
         advice="Ask whether they are meant: show them, or delete them."),
    Rule("hidden_column", "reading", "conformance", "warning", "none", shows="words",
         says="the column is {found} in the sheet and was read like the others",
         advice="Ask whether it is meant: show it, or delete it."),
    Rule("percent_format", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on are shown as percents; the file holds fractions (40 % is 0.4)",
         advice="Type the numbers without a percent format, or convert them in mapping.yaml."),
    Rule("struck_out", "reading", "conformance", "warning", "none", shows="words",
         says="{found} from here on hold struck-out text, which was read like any other",
         advice="Delete what is struck out, or lift the strike."),
    Rule("typed_date", "reading", "conformance", "warning", "none", shows="words",
         says="{found}; a spreadsheet turns entries such as 1-2 into dates",
         advice="Compare the cells with what was entered; format the column as text and type them again."),
    Rule("absent_field", "reading", "completeness", "note", "none", shows="words",
         says="the data dictionary has this field, the export does not",
         advice="Check that the export holds every field that was asked for."),
    Rule("undeclared_missing", "reading", "conformance", "warning", "none", shows="words",
         says="the file declares {found} as missing, the mapping does not ({expected})",
         advice="List it under 'missing' in mapping.yaml, or recode it."),
    Rule("unused_sheet", "reading", "completeness", "note", "none", shows="words",
         says="no source in the mapping names the sheet {found}",
         advice="Add a source to mapping.yaml, or leave the sheet out of the workbook."),
    Rule("blank_lines", "reading", "conformance", "note", "none", shows="words",
         says="{found} blank lines were passed over",
         advice="Nothing to do."),
    Rule("no_final_newline", "reading", "conformance", "note", "none", shows="words",
         says="the file does not end in a line break",
         advice="Check that the export was not cut short."),
    Rule("absent_column", "reading", "completeness", "warning", "none", shows="words",
         says="the file lacks this column, which other files of its source have",
         advice="Ask for it; where it has another name here, name both under 'coalesce'. Until then it is empty."),
    Rule("unused_file", "reading", "completeness", "note", "none", shows="words",
         says="no source in the mapping names the file {found}",
         advice="Add a source to mapping.yaml, or leave the file out of the delivery."),
    Rule("unread_entry", "reading", "completeness", "warning", "none", shows="words",
         says="the delivery holds {found}, which is not read",
         advice="Put files that are meant into the delivery's own folder, and remove the rest."),
    # headers: the mapping against the columns of the files
    Rule("unused_column", "headers", "completeness", "note", "none", shows="words",
         says="the column is neither used nor listed under 'ignore'",
         advice="Map it, or name it under 'ignore' in mapping.yaml."),
    Rule("unused_source", "headers", "completeness", "note", "none", shows="words",
         says="no table reads this source",
         advice="Map it, or remove the source from mapping.yaml."),
    Rule("never_filled", "headers", "completeness", "note", "none", shows="words",
         says="nothing fills this canonical column",
         advice="Map it, or name it under 'not_collected' in mapping.yaml."),
    # mapping: what could not be parsed, recoded, converted or looked up
    Rule("not_a_number", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is not a number ({expected})",
         advice="Correct the cell, or extend the number format in mapping.yaml."),
    Rule("not_a_date", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} fits none of {expected}",
         advice="Correct the cell, or add its format to mapping.yaml."),
    Rule("not_a_boolean", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is neither of {expected}",
         advice="Correct the cell, or list the value in mapping.yaml."),
    Rule("unlisted_code", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} is not listed ({expected})",
         advice="Correct the cell, or add the code to the mapping's list."),
    Rule("no_match", "mapping", "conformance", "error", "column", shows="cell",
         says="{found} does not have the form {expected}",
         advice="Correct the cell, or widen the pattern in mapping.yaml."),
    Rule("unit_does_not_fit", "mapping", "conformance", "error", "column", shows="cell",
         says="the unit {found} does not fit {expected}",
         advice="Correct the unit, or add the conversion."),
    Rule("unit_missing", "mapping", "completeness", "warning", "none", shows="words",
         says="the value has no unit; {expected} was expected",
         advice="Ask for the unit. The number is kept as reported, without a harmonised value."),
    Rule("unlisted_unit", "mapping", "conformance", "error", "column", shows="cell",
         says="the unit {found} is not listed ({expected})",
         advice="Correct the unit, or list it under 'unit' in mapping.yaml."),
    Rule("no_unit", "mapping", "completeness", "error", "column", shows="words",
         says="the number has no unit ({expected})",
         advice="Fill in the unit."),
    Rule("lookup_missed", "mapping", "completeness", "warning", "none", shows="words",
         says="nothing in {expected} matches {found}",
         advice="Complete what is looked up in, or say 'optional: true' in mapping.yaml."),
    Rule("lookup_ambiguous", "mapping", "conformance", "error", "none", shows="words",
         says="more than one record of {expected} matches {found}, or one whose dates cannot be read",
         advice="Leave one of the records, correct their dates, or match further columns in mapping.yaml."),
    Rule("condition_unknown", "mapping", "conformance", "warning", "none", shows="words",
         says="'keep_if' cannot be decided here ({found}); the record is kept",
         advice="Fill the cells that the condition reads, or widen it."),
    Rule("uneven_parts", "mapping", "conformance", "error", "none", shows="words",
         says="lists that belong together are not of one length ({found})",
         advice="Correct the lists. Their parts are paired in order, and the missing ones are empty."),
    Rule("too_many_parts", "mapping", "conformance", "error", "none", shows="words",
         says="the list is too long ({found}; {expected})",
         advice="Correct the cell, or the separator in mapping.yaml. The cell is read as one."),
    # gate: what the model demands of a row
    Rule("missing_required", "gate", "completeness", "error", "column", shows="words", checks=("not_nullable",),
         says="the cell is empty, and the row is worth nothing without it",
         advice="Fill the cell."),
    Rule("not_in_code_list", "gate", "conformance", "error", "column", shows="cell", checks=("isin",),
         says="{found} is not in the code list ({expected})",
         advice="Correct the mapping's target codes."),
    Rule("out_of_range", "gate", "plausibility", "error", "column", shows="words",
         checks=("greater_than_or_equal_to", "less_than_or_equal_to", "greater_than", "less_than"),
         says="{found} is outside {expected}",
         advice="Check the value and its unit."),
    Rule("wrong_form", "gate", "conformance", "error", "column", shows="cell", checks=("str_matches", "str_length"),
         says="{found} does not have the form {expected}",
         advice="Correct the cell."),
    Rule("duplicate_key", "gate", "conformance", "error", "row", shows="words",
         says="a row with the same key came before ({found})",
         advice="Remove one of the two, or state a winner under 'deduplicate'; under 'over_parts' where two files hold it."),
    Rule("parent_refused", "gate", "conformance", "warning", "row", shows="words",
         says="the patient's own row was quarantined",
         advice="Correct the patient's row; this one then follows."),
    Rule("unknown_parent", "gate", "conformance", "error", "row", shows="words",
         says="the patient is not in this delivery",
         advice="Check that the patients' export is full."),
    # rows: rows of the staged load that cannot be true
    Rule("implausible_value", "rows", "plausibility", "warning", "none", shows="words",
         says="{found} is outside the plausible range {expected}",
         advice="Check the value, its decimal point and its unit."),
    Rule("seconds_not_ratio", "rows", "plausibility", "error", "none", shows="words",
         says="{found}; {expected}",
         advice="Ask for the INR: seconds cannot be converted without the reagent's ISI and normal time. Until it comes, leave "
                "the column out of the mapping."),
    Rule("size_disagrees", "rows", "plausibility", "warning", "none", shows="words",
         says="{found} does not go with {expected}",
         advice="Check the unit: centimetres may stand among millimetres."),
    Rule("grade_not_in_term", "rows", "plausibility", "error", "none", shows="words",
         says="grade {found} does not exist ({expected})",
         advice="Check the grade and the term. The event is kept, its grade cannot be used."),
    Rule("before_birth", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies before the birth date {expected}",
         advice="Check both dates."),
    Rule("after_death", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies after the death {expected}",
         advice="Check both dates."),
    Rule("end_before_start", "rows", "plausibility", "error", "none", shows="words",
         says="the end {found} lies before the start {expected}",
         advice="Check both dates."),
    Rule("patient_withdrawn", "rows", "completeness", "warning", "none", shows="words", against="last delivery",
         says="patient {found} was in the last delivery and is not in this one",
         advice="Ask whether consent was withdrawn. If the patient was forgotten, ask for the export again."),
    Rule("same_person", "rows", "plausibility", "warning", "none", shows="words", against="other hospitals",
         says="born on the same day, of the same sex and with a date in common with {found}",
         advice="Ask both hospitals whether they treated the same person; one of the two rows must then be left out."),
    Rule("in_the_future", "rows", "plausibility", "error", "none", shows="words",
         says="{found} lies after the day of the delivery",
         advice="Check the date."),
    # changes: columns as wholes, against the last delivery
    Rule("unit_changed", "changes", "plausibility", "warning", "none", shows="words", against="last delivery",
         says="{found}; the last delivery had it {expected}",
         advice="Ask whether the laboratory changed the unit, or only its name."),
    Rule("scale_changed", "changes", "plausibility", "error", "none", shows="words", against="last delivery",
         says="{found}; in the last delivery it was {expected}",
         advice="Ask whether the unit changed. If it did, correct the unit in the export or in mapping.yaml."),
    Rule("codes_changed", "changes", "plausibility", "warning", "none", shows="words", against="last delivery",
         says="{found}; in the last delivery they were {expected}",
         advice="Ask whether the coding or the choice of patients changed, and check the recode map."),
    # sites: columns as wholes, against the other hospitals
    Rule("scale_differs", "sites", "plausibility", "warning", "none", shows="words", against="other hospitals",
         says="{found}; it is {expected}",
         advice="Check the unit in the export and in mapping.yaml."),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
"""Every rule by its name."""


def rules_found_by(*steps: FoundBy) -> tuple[str, ...]:
    """Name the rules that these steps find, in the order of their declaration."""
    return tuple(rule.name for rule in RULES.values() if rule.found_by in steps)


def rules_against(what: Against) -> tuple[str, ...]:
    """Name the rules that compare a delivery with the last one, or with the other hospitals."""
    return tuple(rule.name for rule in RULES.values() if rule.against == what)
