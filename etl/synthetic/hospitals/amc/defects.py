"""What is planted into AMC's delivery."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_text
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect

_UNKNOWN_NUMBER = "A999998"
_PATIENTS, _CHEM, _CBC, _EVENTS, _DOSES, _TUMOURS, _LESIONS = (
    "AMC_PATIENT", "AMC_CHEM", "AMC_CBC", "AMC_AE", "AMC_DOSE", "AMC_TUMOR", "AMC_LESION",
)  # fmt: skip


def _filled(column: str) -> Callable[[Record], bool]:
    return lambda record: record[column] != ""


def _times(column: str, factor: float, *, decimal: str = ".") -> Callable[[Record], str]:
    return lambda record: f"{float(record[column].replace(decimal, '.')) * factor:g}".replace(".", decimal)


_CELLS = (
    CellDefect("unlisted code", _PATIENTS, "ETIOLOGY", lambda _: "간염", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "OUTCOME", lambda _: "IMPROVED", "unlisted_code", "cell", "adverse_event"),
    CellDefect("impossible date", _PATIENTS, "BIRTH", lambda _: "1955/02/30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LESIONS, "IMG_DATE", lambda _: "2012/13/04", "not_a_date", "row", "lesion"),
    CellDefect("date before birth", _EVENTS, "ONSET", lambda _: "1905/05/05", "before_birth", "none", "adverse_event"),
    CellDefect("date after death", _EVENTS, "ONSET", lambda _: "2016/03/31", "after_death", "none", "adverse_event",
               fits=lambda record: record["DEATH"] != "" and record["DEATH"] < "2015/06" and record["RESOLVED"] == ""),
    CellDefect("unit mistaken: g/dL written as g/L", _CHEM, "ALB", _times("ALB", 0.1), "implausible_value", "none",
               "lab_result", fits=_filled("ALB"), times=3),
    CellDefect("unit mistaken: mg/dL written as µmol/L", _CHEM, "CREA", lambda _: "0.9", "implausible_value", "none",
               "lab_result", fits=_filled("CREA"), times=3),
    CellDefect("unit mistaken: cm written as mm", _TUMOURS, "MAXDIAM_MM", _times("MAXDIAM_MM", 0.1), "size_disagrees", "none",
               "tumour_baseline", fits=lambda record: record["INFILTRATIVE"] == "N" and float(record["MAXDIAM_MM"]) > 30),
    CellDefect("shifted decimal", _CBC, "HB", _times("HB", 10, decimal=","), "implausible_value", "none", "lab_result",
               fits=_filled("HB"), times=3),
    CellDefect("shifted decimal", _TUMOURS, "MAXDIAM_MM", lambda _: "1250", "out_of_range", "cell", "tumour_baseline"),
    CellDefect("decimal point in a file of decimal commas", _CBC, "WBC", lambda record: record["WBC"].replace(",", "."),
               "not_a_number", "cell", "lab_result", fits=lambda record: "," in record["WBC"]),
    CellDefect("swapped columns", _DOSES, "STOP", lambda record: record["START"], "end_before_start", "none", "exposure",
               fits=lambda record: record["START"] < record["STOP"], partner="START"),
    CellDefect("grade out of scale", _EVENTS, "GRADE", lambda _: "Grade 7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade in another form", _EVENTS, "GRADE", lambda _: "severe", "no_match", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "GRADE", lambda _: "Grade 4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["AE_TERM"].startswith("Palmar-plantar")),
    CellDefect("text in a number", _CHEM, "K", lambda _: "hemolysed", "not_a_number", "cell", "lab_result",
               fits=_filled("K"), times=3),
    CellDefect("text in a number", _TUMOURS, "NODULES", lambda _: "multiple", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("prescription in another form", _DOSES, "SIG", lambda _: "1 tablet", "no_match", "cell", "exposure"),
    CellDefect("resident number in free text", _EVENTS, "AE_TEXT", lambda record: f"{record['AE_TEXT']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", "AMC_FOLLOWUP", "CAUSE_TEXT", lambda _: "보호자 통화 010-1234-5678",
               "masked_identifier", "none", "", fits=_filled("DEATH")),
    CellDefect("missing start", _DOSES, "START", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", "AMC_FOLLOWUP", "LAST_FU", lambda _: "2091/01/01", "in_the_future", "none",
               "follow_up", fits=lambda record: record["DEATH"] == ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _CBC, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _EVENTS, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event"
    ),
    RecordDefect("a field too few", _LESIONS, lambda cells: cells[:-1], False, "ragged_record", ""),
)

_FILES = (
    FileDefect("truncated", "file cut in half", _CHEM, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("lost_encoding", "file saved as cp949", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.reencode("utf-8", "cp949")),
    FileDefect("wrong_delimiter", "commas in place of bars", "AMC_DRUG", REFUSED, spoil_bytes=spoil_bytes.put_commas),
    FileDefect("missing_column", "a column that is mapped and did not come", _TUMOURS, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _CHEM, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("missing_file", "a file that did not come", "AMC_RANGE", REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _CHEM, "ragged_record", spoil_sheet=spoil_sheet.add_subtotal,
               cost="row"),
    FileDefect("repeated_header", "the header again in the middle", _CHEM, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("reordered_columns", "columns in another order", _CHEM, "", spoil_sheet=spoil_sheet.reorder_columns),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file("AMC_FOLLOWUP", patient_column="등록번호"), *in_any_text(_CHEM, delimiter="|")),
    patient_column="등록번호",
    follow_up="AMC_FOLLOWUP",
    death_column="DEATH",
)
