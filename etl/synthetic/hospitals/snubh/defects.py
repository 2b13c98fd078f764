"""What is planted into SNUBH's delivery."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_text
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect

_UNKNOWN_NUMBER = "B999998"
_EARLY_LABS, _LATE_LABS = "LAB_2009", "LAB_2013"
_PATIENTS, _EVENTS, _DOSES, _PROCEDURES, _FOLLOW_UP = "PT_BASE", "AE", "DOSE_HX", "PROC", "FU"


def _analyte(code: str) -> Callable[[Record], bool]:
    return lambda record: record["EXM_CD"] == code


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


_CELLS = (
    CellDefect("unlisted code", _PATIENTS, "SEX_CD", lambda _: "M", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "OUT_CD", lambda _: "7", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", _LATE_LABS, "EXM_CD", lambda _: "CPK2", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("neither yes nor no", "TUMOR", "MET_LUNG", lambda _: "3", "not_a_boolean", "cell", "tumour_baseline"),
    CellDefect("impossible date", _PATIENTS, "BIRTH_YMD", lambda _: "19550230", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LATE_LABS, "EXM_YMD", lambda _: "20131304", "not_a_date", "row", "lab_result"),
    CellDefect("date with its leading digits lost", _EARLY_LABS, "EXM_YMD", lambda record: record["EXM_YMD"][2:],
               "not_a_date", "row", "lab_result"),
    CellDefect("date before birth", _EVENTS, "ST_YMD", lambda _: "19050505", "before_birth", "none", "adverse_event"),
    CellDefect("date after death", _LATE_LABS, "EXM_YMD", lambda _: "20160331", "after_death", "none", "lab_result",
               fits=lambda record: record["DTH_YMD"] != "" and record["DTH_YMD"] < "201506"),
    CellDefect("unit mistaken: g/L written as g/dL", _LATE_LABS, "RSLT_VAL", _ten_times("RSLT_VAL"), "implausible_value",
               "none", "lab_result", fits=_analyte("ALB")),
    CellDefect("unit mistaken: cm written as mm", "OPD_VST", "HT", lambda record: f"{float(record['HT']) / 100:.2f}",
               "implausible_value", "none", "observation", fits=lambda record: record["HT"] != ""),
    CellDefect("unit that does not fit", _EARLY_LABS, "UNIT", lambda _: "IU/L", "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("CR")),
    CellDefect("unlisted unit", _EARLY_LABS, "UNIT", lambda _: "mgg", "unlisted_code", "cell", "lab_result", fits=_analyte("BUN")),
    CellDefect("missing unit", _LATE_LABS, "UNIT", lambda _: "", "unit_missing", "none", "lab_result", fits=_analyte("TB")),
    CellDefect("shifted decimal", _EARLY_LABS, "RSLT", _ten_times("RSLT"), "implausible_value", "none", "lab_result",
               fits=_analyte("HB")),
    CellDefect("shifted decimal", _DOSES, "DOSE_MG", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("shifted decimal", "TUMOR", "MAX_MM", lambda _: "1250", "out_of_range", "cell", "tumour_baseline"),
    CellDefect("swapped columns", _DOSES, "ED_YMD", lambda record: record["ST_YMD"], "end_before_start", "none", "exposure",
               fits=lambda record: record["ST_YMD"] < record["ED_YMD"], partner="ST_YMD"),
    CellDefect("swapped columns", _LATE_LABS, "RSLT_VAL", lambda record: record["UNIT"], "not_a_number", "cell", "lab_result",
               fits=_analyte("AST"), partner="UNIT", partner_rule="unlisted_code"),
    CellDefect("range of normal that cannot be read", _EARLY_LABS, "REF", lambda _: "정상", "no_match", "cell", "lab_result"),
    CellDefect("grade out of scale", _EVENTS, "CTC_GR", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "CTC_GR", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["CTC_TERM"].startswith("Palmar-plantar")),
    CellDefect("text in a number", _EARLY_LABS, "RSLT", lambda _: "hemolysis", "not_a_number", "cell", "lab_result",
               fits=_analyte("K")),
    CellDefect("text in a number", "TUMOR", "NOD_CNT", lambda _: "multiple", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("resident number in free text", _EVENTS, "AE_NM", lambda record: f"{record['AE_NM']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", _FOLLOW_UP, "DTH_NM", lambda _: "보호자 통화 010-1234-5678", "masked_identifier", "none", "",
               fits=lambda record: record["DTH_YMD"] != ""),
    CellDefect("missing start", _DOSES, "ST_YMD", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", _FOLLOW_UP, "LAST_YMD", lambda _: "20910101", "in_the_future", "none", "follow_up",
               fits=lambda record: record["DTH_YMD"] == ""),
    CellDefect("end before start", _EVENTS, "ED_YMD", lambda _: "20061231", "end_before_start", "none", "adverse_event"),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _LATE_LABS, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _EVENTS, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event"
    ),
    RecordDefect("a field too few", "LESION", lambda cells: cells[:-1], False, "ragged_record", ""),
    RecordDefect("a field too many", _PROCEDURES, lambda cells: [*cells, "OK"], False, "ragged_record", ""),
)

_FILES = (
    FileDefect("truncated", "file cut in half", _LATE_LABS, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("lost_encoding", "file saved as cp949", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.reencode("utf-8-sig", "cp949")),
    FileDefect("nul_byte", "a NUL character in a record", _LATE_LABS, REFUSED, spoil_bytes=spoil_bytes.insert_nul),
    FileDefect("empty_file", "a file of no bytes", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", _PROCEDURES, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LATE_LABS, "ragged_record", spoil_sheet=spoil_sheet.add_subtotal,
               cost="row"),
    FileDefect("repeated_header", "the header again in the middle", _LATE_LABS, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("added_column", "a column that nobody knows", _PROCEDURES, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("reordered_columns", "columns in another order", _LATE_LABS, "", spoil_sheet=spoil_sheet.reorder_columns),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file(_FOLLOW_UP, patient_column="PT_NO"), *in_any_text(_LATE_LABS, delimiter=",")),
    patient_column="PT_NO",
    follow_up=_FOLLOW_UP,
    death_column="DTH_YMD",
)
