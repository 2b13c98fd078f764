"""What is planted into SMC's delivery.

A variable has one type, so a word in a number, or a day that no calendar has, turns the whole variable into text.
"""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect
from etl.synthetic.hospitals.smc import codes as of

_PATIENTS, _HISTORY, _TUMOURS, _DOSES, _PROCEDURES = (
    f"SMC_{name}" for name in ("patients", "history", "tumours", "doses", "procedures")
)
_LABS, _RESPONSES, _EVENTS, _FOLLOW_UP = (f"SMC_{name}" for name in ("labs", "responses", "events", "followup"))
_UNKNOWN_NUMBER = "M999998"


def _analyte(name: str) -> Callable[[Record], bool]:
    code, _ = of.ANALYTE[name]
    return lambda record: record["LABCODE"] == code and record["RESULT"] != of.NOT_DONE


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


_CELLS = (
    CellDefect("unlisted code", _PATIENTS, "SEX", lambda _: "3", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "OUTCOME", lambda _: "8", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", _LABS, "LABCODE", lambda _: "77", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("unlisted code in a list", _RESPONSES, "RESPPHY", lambda record: f"{record['RESPPHY']}?", "unlisted_code",
               "cell", "imaging_visit", fits=lambda record: record["RESPPHY"] != ""),
    CellDefect("lists of different length", _RESPONSES, "RESPPHY", lambda record: f"{record['RESPPHY']};SD", "uneven_parts",
               "none", "imaging_visit", fits=lambda record: record["RESPPHY"] != ""),
    CellDefect("impossible date", _PATIENTS, "BIRTHDT", lambda _: "1955-02-30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LABS, "LABDT", lambda _: "2012-13-04", "not_a_date", "row", "lab_result", times=3),
    CellDefect("date before birth", _EVENTS, "ONSETDT", lambda _: "1905-05-05", "before_birth", "none", "adverse_event"),
    CellDefect("date before birth", _LABS, "LABDT", lambda _: "1905-01-07", "before_birth", "none", "lab_result"),
    CellDefect("date after death", _LABS, "LABDT", lambda _: "2016-03-31", "after_death", "none", "lab_result",
               fits=lambda record: record["DEATHDT"] != "" and record["DEATHDT"] < "2015-06", times=3),
    CellDefect("unit mistaken: g/L written as g/dL", _LABS, "RESULT", _ten_times("RESULT"), "implausible_value", "none",
               "lab_result", fits=_analyte("albumin"), times=3),
    CellDefect("unit mistaken: mm written as cm", _TUMOURS, "MAXMM", _ten_times("MAXMM"), "out_of_range", "cell",
               "tumour_baseline", fits=lambda record: float(record["MAXMM"]) > 45),
    CellDefect("unit that does not fit", _LABS, "UNIT", lambda _: of.UNIT["g/dL"][0], "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("afp")),
    CellDefect("unlisted unit", _LABS, "UNIT", lambda _: "55", "unlisted_code", "cell", "lab_result", fits=_analyte("bun")),
    CellDefect("missing unit", _LABS, "UNIT", lambda _: "", "unit_missing", "none", "lab_result",
               fits=_analyte("bilirubin_total")),
    CellDefect("shifted decimal", _LABS, "RESULT", _ten_times("RESULT"), "implausible_value", "none", "lab_result",
               fits=_analyte("hemoglobin"), times=3),
    CellDefect("shifted decimal", _DOSES, "DOSE", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("swapped columns", _DOSES, "STOPDT", lambda record: record["STARTDT"], "end_before_start", "none", "exposure",
               fits=lambda record: record["STARTDT"] < record["STOPDT"], partner="STARTDT"),
    CellDefect("grade out of scale", _EVENTS, "AEGRADE", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "AEGRADE", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["AETERM"] == "1"),
    CellDefect("text in a number", _LABS, "RESULT", lambda _: "용혈", "not_a_number", "cell", "lab_result",
               fits=_analyte("potassium"), times=3),
    CellDefect("text in a number", _TUMOURS, "NODULES", lambda _: "다수", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("resident number in free text", _EVENTS, "AETEXT", lambda record: f"{record['AETEXT']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", _FOLLOW_UP, "CAUSETXT", lambda _: "보호자 통화 010-1234-5678", "masked_identifier",
               "none", "", fits=lambda record: record["DEATHDT"] != ""),
    CellDefect("e-mail in free text", _HISTORY, "CONDTXT", lambda _: "문의 hong.gildong@example.org", "masked_identifier",
               "none", "", fits=lambda record: record["CONDTXT"] != ""),
    CellDefect("missing start", _DOSES, "STARTDT", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", _FOLLOW_UP, "LASTDT", lambda _: "2091-01-01", "in_the_future", "none", "follow_up",
               fits=lambda record: record["DEATHDT"] == ""),
    CellDefect("end before start", _EVENTS, "ENDDT", lambda _: "2006-12-31", "end_before_start", "none", "adverse_event",
               fits=lambda record: record["ENDDT"] != ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _LABS, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _EVENTS, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event"
    ),
)

_FILES = (
    FileDefect("truncated", "file cut in half", _LABS, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("cut_short", "file cut in half, and no manifest to tell it", _LABS, REFUSED,
               spoil_bytes=spoil_bytes.cut_in_half, manifest="none"),
    FileDefect("shortened", "file cut between two records, after a full delivery", _LABS, REFUSED,
               spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True),
    FileDefect("lost_encoding", "text in cp949 in a file that says UTF-8", _PATIENTS, REFUSED,
               spoil_bytes=spoil_bytes.reencode_in_place),
    FileDefect("header_only", "variables and no record", _PROCEDURES, REFUSED, spoil_sheet=spoil_sheet.keep_header,
               manifest="none"),
    FileDefect("empty_file", "a file of no bytes", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a variable that is mapped and did not come", _PROCEDURES, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LABS, "not_a_date", spoil_sheet=spoil_sheet.add_subtotal_row,
               cost="row", column="LABDT", table="lab_result"),
    FileDefect("repeated_header", "the header again in the middle", _LABS, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("added_column", "a variable that nobody knows", _PROCEDURES, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("reordered_columns", "variables in another order", _LABS, "", spoil_sheet=spoil_sheet.reorder_columns),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file(_FOLLOW_UP, patient_column="PID")),
    patient_column="PID",
    follow_up=_FOLLOW_UP,
    death_column="DEATHDT",
    header_lines=None,
)
