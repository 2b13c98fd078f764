"""What is planted into KCCH's delivery.

The hospital is small and nobody has two defects: each is planted once, what fits only few patients first.
"""

from collections.abc import Callable
from dataclasses import replace

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect
from etl.synthetic.hospitals.kcch.domains import STUDY
from etl.synthetic.sheet import Sheet

_UNKNOWN_SUBJECT = f"{STUDY}-K999998"


def _test(code: str) -> Callable[[Record], bool]:
    return lambda record: record["LBTESTCD"] == code and record["LBORRES"].replace(".", "").isdigit()


def _finding(code: str) -> Callable[[Record], bool]:
    return lambda record: record["FATESTCD"] == code


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


def _add_variable(sheet: Sheet) -> tuple[Sheet, int]:
    """Add a variable that the mapping does not know; version 5 knows no Korean names."""
    return replace(sheet, records=sheet.records.assign(REMARK="확인")), 0


def _add_total(sheet: Sheet) -> tuple[Sheet, int]:
    """Add a record that counts the others, as a report procedure writes it into its output data set."""
    records = sheet.records.copy()
    records.loc[len(records)] = ["TOTAL", str(len(records)), *[""] * (records.shape[1] - 2)]
    return replace(sheet, records=records), len(records)


_CELLS = (
    CellDefect("date in the future", "ss", "SSDTC", lambda _: "2091-01-01", "in_the_future", "none", "follow_up",
               fits=lambda record: record["SSORRES"] == "ALIVE"),
    CellDefect("grade that the term does not have", "ae", "AETOXGR", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["AEDECOD"].startswith("Palmar-plantar")),
    CellDefect("missing start", "ex", "EXSTDTC", lambda _: "", "missing_required", "row", "exposure",
               fits=lambda record: record["EXSEQ"] != "1"),
    CellDefect("unlisted code", "dm", "SEX", lambda _: "U", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", "ae", "AEOUT", lambda _: "IMPROVED", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", "lb", "LBTESTCD", lambda _: "TROPI", "unlisted_code", "row", "lab_result"),
    CellDefect("impossible date", "dm", "BRTHDTC", lambda _: "1955-02-30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", "lb", "LBDTC", lambda _: "2012-13-04T08:00", "not_a_date", "row", "lab_result"),
    CellDefect("date before birth", "ae", "AESTDTC", lambda _: "1905-05", "before_birth", "none", "adverse_event"),
    CellDefect("date before birth", "lb", "LBDTC", lambda _: "1905-01-07T08:00", "before_birth", "none", "lab_result"),
    CellDefect("date after death", "lb", "LBDTC", lambda _: "2016-03-31T08:00", "after_death", "none", "lab_result",
               fits=lambda record: record["DTHDTC"] != "" and record["DTHDTC"] < "2015-06"),
    CellDefect("unit mistaken: g/L written as g/dL", "lb", "LBORRES", _ten_times("LBORRES"), "implausible_value", "none",
               "lab_result", fits=_test("ALB")),
    CellDefect("unit that does not fit", "lb", "LBORRESU", lambda _: "U/L", "unit_does_not_fit", "cell", "lab_result",
               fits=_test("CREAT")),
    CellDefect("unlisted unit", "lb", "LBORRESU", lambda _: "mgg", "unlisted_code", "cell", "lab_result", fits=_test("UREAN")),
    CellDefect("missing unit", "lb", "LBORRESU", lambda _: "", "unit_missing", "none", "lab_result", fits=_test("BILI")),
    CellDefect("shifted decimal", "lb", "LBORRES", _ten_times("LBORRES"), "implausible_value", "none", "lab_result",
               fits=_test("HGB")),
    CellDefect("shifted decimal", "ex", "EXDOSE", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("swapped columns", "ex", "EXENDTC", lambda record: record["EXSTDTC"], "end_before_start", "none", "exposure",
               fits=lambda record: record["EXSTDTC"] < record["EXENDTC"], partner="EXSTDTC"),
    CellDefect("swapped columns", "lb", "LBORRES", lambda record: record["LBORRESU"], "not_a_number", "cell", "lab_result",
               fits=_test("AST"), partner="LBORRESU", partner_rule="unlisted_code"),
    CellDefect("grade out of scale", "ae", "AETOXGR", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("text in a number", "lb", "LBORRES", lambda _: "용혈", "not_a_number", "cell", "lab_result", fits=_test("K")),
    CellDefect("text in a number", "ae", "AETOXGR", lambda _: "II", "not_a_number", "cell", "adverse_event"),
    CellDefect("resident number in free text", "ae", "AETERM", lambda record: f"{record['AETERM']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", "dd", "DDORRES", lambda _: "보호자 통화 010-1234-5678", "masked_identifier", "none", ""),
    CellDefect("e-mail in free text", "mh", "MHTERM", lambda _: "문의 hong.gildong@example.org", "masked_identifier", "none", "",
               fits=lambda record: record["MHOCCUR"] == "Y" and record["MHCAT"] == "GENERAL"),
    CellDefect("end before start", "ae", "AEENDTC", lambda _: "2006-12", "end_before_start", "none", "adverse_event",
               fits=lambda record: record["AEENDTC"] != ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", "dm", list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", "lb", list, True, "duplicate_key", "lab_result",
                 fits=lambda record: record["LBSTAT"] == ""),
    RecordDefect("orphan event", "ae", lambda cells: [*cells[:2], _UNKNOWN_SUBJECT, *cells[3:]], True, "unknown_parent",
                 "adverse_event"),
)  # fmt: skip

_FILES = (
    FileDefect("truncated", "file cut in half", "lb", REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("cut_short", "file cut within a record, and no manifest to tell it", "lb", REFUSED,
               spoil_bytes=spoil_bytes.cut_in_half, manifest="none"),
    FileDefect("shortened", "file cut between two records, after a full delivery", "lb", REFUSED,
               spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True),
    FileDefect("lost_encoding", "text in cp949 where UTF-8 was agreed", "ae", REFUSED, spoil_bytes=spoil_bytes.reencode_in_place),
    FileDefect("header_only", "variables and no record", "ds", REFUSED, spoil_sheet=spoil_sheet.keep_header, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", "pr", REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", "pr", REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a variable that is mapped and did not come", "pr", REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", "pr", REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a total below the records", "lb", "missing_required", spoil_sheet=_add_total, cost="row",
               column="USUBJID", table="lab_result"),
    FileDefect("repeated_header", "the header again in the middle", "lb", "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("added_column", "a variable that nobody knows", "pr", "unused_column", spoil_sheet=_add_variable, cost="none",
               column="REMARK"),
    FileDefect("reordered_columns", "variables in another order", "lb", "", spoil_sheet=spoil_sheet.reorder_columns),
)  # fmt: skip

PLAN = DefectPlan(
    tuple(replace(defect, times=1) for defect in (*_CELLS, *in_all_spellings(_CELLS))),
    tuple(replace(defect, times=1) for defect in _RECORDS),
    (*_FILES, *in_any_file("dm", patient_column="USUBJID")),
    patient_column="USUBJID",
    follow_up="dm",
    death_column="DTHDTC",
    header_lines=None,
)
