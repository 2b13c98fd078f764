"""What is expected across the columns of a row, and across tables: one line of SQL each, to be read by a clinician.

A condition is true, false, or NULL where it does not apply; `this` is the row. The threshold is the share of the rows
to which it applies. Where the address of every single row matters there is a query under plausibility/ next to it.
"""

from dataclasses import dataclass

from etl.findings import Category, Severity


@dataclass(frozen=True)
class AcrossColumns:
    """One expectation on several columns; `column` is the one to look at first."""

    table: str
    column: str
    name: str
    condition: str
    category: Category
    severity: Severity
    threshold_percent: float
    description: str


def _has(table: str, *, where: str = "TRUE") -> str:
    """Write 'the same load has a row of this patient in that table'; `other` is that row."""
    return (
        f"EXISTS (SELECT 1 FROM core.{table} other WHERE other.load_id = this.load_id "
        f"AND other.patient_id = this.patient_id AND {where})"
    )


ACROSS_COLUMNS = (
    AcrossColumns(
        "patient", "birth_date", "has_birth_date_or_age",
        "this.birth_date IS NOT NULL OR this.age_reported_years IS NOT NULL",
        "completeness", "warning", 95.0, "A birth date or an age is given."),
    AcrossColumns(
        "patient", "child_pugh_reported_code", "child_pugh_class_fits_points",
        "this.child_pugh_reported_code = (SELECT of_points.class_code FROM reference.child_pugh_class of_points "
        "WHERE this.child_pugh_reported_points BETWEEN of_points.points_from AND of_points.points_to)",
        "plausibility", "warning", 95.0, "The reported Child-Pugh class is the one of the reported points."),
    AcrossColumns(
        "patient", "patient_id", "has_study_drug",
        _has("treatment_course", where="coalesce(other.role_code, 'study') = 'study'"),
        "completeness", "error", 80.0, "The patient has a course of the study drug, whose start is the index date."),
    AcrossColumns(
        "patient", "patient_id", "has_follow_up", _has("follow_up"),
        "completeness", "warning", 95.0, "The patient has a follow-up."),
    AcrossColumns(
        "patient", "patient_id", "has_tumour_baseline", _has("tumour_baseline"),
        "completeness", "warning", 90.0, "The patient's tumour before treatment is described."),
    AcrossColumns(
        "patient", "patient_id", "has_lab_results", _has("lab_result"),
        "completeness", "warning", 90.0, "The patient has laboratory results."),
    AcrossColumns(
        "observation", "value_number", "has_value", "this.value_number IS NOT NULL OR this.value_code IS NOT NULL",
        "completeness", "warning", 95.0, "An observation has a number or a code."),
    AcrossColumns(
        "observation", "value_number", "ecog_is_on_its_scale",
        "CASE WHEN this.observation_code = 'ecog' THEN this.value_number IN (0, 1, 2, 3, 4, 5) END",
        "plausibility", "error", 100.0, "ECOG performance status is a whole number from 0 to 5."),
    AcrossColumns(
        "treatment_course", "started_on", "index_date_is_known_to_the_day",
        "CASE WHEN this.role_code = 'study' THEN coalesce(this.started_on_precision, 'day') = 'day' END",
        "conformance", "error", 95.0, "The start of the study drug, the index date, is known to the day."),
    AcrossColumns(
        "treatment_course", "stop_reason_code", "stop_has_a_reason",
        "CASE WHEN this.stopped_on IS NOT NULL THEN this.stop_reason_code IS NOT NULL END",
        "completeness", "warning", 70.0, "A course that ended says why."),
    AcrossColumns(
        "exposure", "dose_mg", "sorafenib_comes_in_tablets_of_200_mg",
        "CASE WHEN this.drug_code = 'sorafenib' THEN mod(this.dose_mg, 200) = 0 END",
        "plausibility", "warning", 98.0, "A dose of sorafenib is a multiple of 200 mg, as the tablets are."),
    AcrossColumns(
        "exposure", "dose_mg", "interruption_has_no_dose",
        "CASE WHEN this.is_interruption THEN coalesce(this.dose_mg, 0) = 0 END",
        "plausibility", "warning", 95.0, "During an interruption the dose is zero."),
    AcrossColumns(
        "exposure", "started_on", "has_its_course",
        _has("treatment_course", where="other.drug_code = this.drug_code"),
        "conformance", "warning", 95.0, "A dose step belongs to a course of the same drug."),
    AcrossColumns(
        "lab_result", "value", "lies_in_plausible_range",
        "this.value BETWEEN "
        "(SELECT analyte.plausible_from FROM reference.analyte analyte WHERE analyte.analyte_code = this.analyte_code) "
        "AND (SELECT analyte.plausible_to FROM reference.analyte analyte WHERE analyte.analyte_code = this.analyte_code)",
        "plausibility", "warning", 99.5, "A result lies in the analyte's plausible range."),
    AcrossColumns(
        "lab_result", "value", "number_is_harmonised",
        "CASE WHEN this.reported_value IS NOT NULL THEN this.value IS NOT NULL END",
        "completeness", "warning", 98.0, "A reported number reaches the analyte's common unit."),
    AcrossColumns(
        "lab_result", "upper_limit", "limits_are_in_order",
        "this.lower_limit <= this.upper_limit",
        "conformance", "error", 100.0, "The lower limit of normal does not exceed the upper."),
    AcrossColumns(
        "lesion", "viable_diameter_mm", "viable_part_is_within_the_whole",
        "this.viable_diameter_mm <= this.whole_diameter_mm",
        "plausibility", "warning", 99.0, "The viable part of a lesion is no longer than the whole."),
    AcrossColumns(
        "lesion", "imaged_on", "has_its_imaging_visit",
        _has("imaging_visit", where="other.imaged_on = this.imaged_on"),
        "conformance", "warning", 95.0, "A lesion was measured at an imaging visit that was delivered."),
    AcrossColumns(
        "adverse_event", "ctcae_version", "grade_has_a_version",
        "CASE WHEN this.reported_grade IS NOT NULL THEN this.ctcae_version IS NOT NULL END",
        "completeness", "warning", 80.0, "A grade names the CTCAE version it is graded by."),
    AcrossColumns(
        "adverse_event", "outcome_code", "grade_5_is_fatal",
        "CASE WHEN this.reported_grade = 5 THEN this.outcome_code = 'fatal' END",
        "plausibility", "warning", 100.0, "An event of grade 5 ended in death."),
    AcrossColumns(
        "follow_up", "died_on", "death_has_a_date",
        "CASE WHEN this.vital_status_code = 'dead' THEN this.died_on IS NOT NULL END",
        "completeness", "error", 95.0, "A patient who died has a date of death."),
    AcrossColumns(
        "follow_up", "vital_status_code", "the_living_have_no_date_of_death",
        "CASE WHEN this.vital_status_code = 'alive' THEN this.died_on IS NULL END",
        "plausibility", "error", 100.0, "A patient who is alive has no date of death."),
)  # fmt: skip
"""Every expectation across columns, in the order of the tables."""
