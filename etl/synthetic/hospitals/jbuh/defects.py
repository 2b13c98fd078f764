"""What is planted into JBUH's delivery."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_workbook
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect

_UNKNOWN_NUMBER = "J999998"
_PATIENTS, _TUMOURS, _DOSES, _PROCEDURES, _LABS, _LESIONS, _EVENTS = (
    "환자",
    "종양",
    "용량",
    "시술",
    "검사",
    "병변",
    "부작용",
)


def _analyte(name: str) -> Callable[[Record], bool]:
    return lambda record: record["검사명"] == name and record["결과값"].replace(".", "").isdigit()


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


def _above(column: str, centimetres: float) -> Callable[[Record], bool]:
    return lambda record: record[column] != "" and float(record[column]) > centimetres


_CELLS = (
    CellDefect("date in the future", "추적", "최종확인일", lambda _: "2091-01-01", "in_the_future", "none",
               "follow_up", fits=lambda record: record["사망일"] == ""),
    CellDefect("unlisted code", _PATIENTS, "성별", lambda _: "남", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "경과", lambda _: "improved", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", _LABS, "검사명", lambda _: "CA19-9", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("impossible date", _PATIENTS, "생일", lambda _: "1955-02-30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LABS, "채혈일", lambda _: "2012-13-04", "not_a_date", "row", "lab_result", times=3),
    CellDefect("date before birth", _EVENTS, "발생일", lambda _: "1905-05-05", "before_birth", "none", "adverse_event"),
    CellDefect("date before birth", _LABS, "채혈일", lambda _: "1905-01-07", "before_birth", "none", "lab_result"),
    CellDefect("date after death", _LABS, "채혈일", lambda _: "2016-03-31", "after_death", "none", "lab_result",
               fits=lambda record: record["사망일"] != "" and record["사망일"] < "2015-06", times=3),
    CellDefect("unit mistaken: mm in a column of cm", _TUMOURS, "최대직경(cm)", _ten_times("최대직경(cm)"), "out_of_range",
               "cell", "tumour_baseline", fits=_above("최대직경(cm)", 4.0)),
    CellDefect("unit mistaken: mm in a column of cm", _LESIONS, "생존장경(cm)", _ten_times("생존장경(cm)"), "out_of_range",
               "cell", "lesion", fits=_above("생존장경(cm)", 4.0)),
    CellDefect("unit mistaken: g/L written as g/dL", _LABS, "결과값", _ten_times("결과값"), "implausible_value", "none",
               "lab_result", fits=_analyte("Alb"), times=3),
    CellDefect("unit that does not fit", _LABS, "단위", lambda _: "IU/L", "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("AFP")),
    CellDefect("unlisted unit", _LABS, "단위", lambda _: "mgg", "unlisted_code", "cell", "lab_result", fits=_analyte("BUN")),
    CellDefect("missing unit", _LABS, "단위", lambda _: "", "unit_missing", "none", "lab_result", fits=_analyte("T.Bil")),
    CellDefect("shifted decimal", _LABS, "결과값", _ten_times("결과값"), "implausible_value", "none", "lab_result",
               fits=_analyte("Hb"), times=3),
    CellDefect("shifted decimal", _DOSES, "1회량(mg)", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("shifted decimal", "외래", "KPS", lambda _: "800", "implausible_value", "none", "observation",
               fits=lambda record: record["KPS"] == "80"),
    CellDefect("swapped columns", _DOSES, "종료일", lambda record: record["시작일"], "end_before_start", "none",
               "exposure", fits=lambda record: record["시작일"] < record["종료일"], partner="시작일"),
    CellDefect("swapped columns", _LABS, "결과값", lambda record: record["단위"], "not_a_number", "cell", "lab_result",
               fits=_analyte("AST(GOT)"), partner="단위", partner_rule="unlisted_code"),
    CellDefect("grade out of scale", _EVENTS, "CTCAE등급", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "CTCAE등급", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event",
               fits=lambda record: record["CTCAE용어"].startswith("Palmar-plantar") and record["발생일"] >= "2010-07"),
    CellDefect("text in a number", _LABS, "결과값", lambda _: "hemolysis", "not_a_number", "cell", "lab_result",
               fits=_analyte("K"), times=3),
    CellDefect("text in a number", _TUMOURS, "결절수", lambda _: "다수", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("resident number in free text", _EVENTS, "부작용", lambda record: f"{record['부작용']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", "추적", "사인상세", lambda _: "보호자 통화 010-1234-5678", "masked_identifier",
               "none", "", fits=lambda record: record["사망일"] != ""),
    CellDefect("e-mail in free text", "과거력", "질환명", lambda _: "문의 hong.gildong@example.org", "masked_identifier",
               "none", "", fits=lambda record: record["질환명"] != ""),
    CellDefect("missing start", _DOSES, "시작일", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("end before start", _EVENTS, "소실일", lambda _: "2006-12-31", "end_before_start", "none",
               "adverse_event", fits=lambda record: record["소실일"] != ""),
)  # fmt: skip
"""The rarest first: nobody has two defects, and few patients are alive."""

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _LABS, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _EVENTS, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event"
    ),
)

_FILES = (
    FileDefect("truncated", "file cut in half", _LABS, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="none"),
    FileDefect(
        "shortened", "file cut between two records, after a full delivery", _LABS, REFUSED,
        spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True,
    ),
    FileDefect("missing_sheet", "a sheet under another name", _PROCEDURES, REFUSED, spoil_sheet=spoil_sheet.rename_sheet),
    FileDefect("duplicate_header", "a column named twice", _PATIENTS, REFUSED, spoil_sheet=spoil_sheet.double_header),
    FileDefect("header_only", "a header and no record", _PROCEDURES, REFUSED, spoil_sheet=spoil_sheet.keep_header, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", _PROCEDURES, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LABS, "not_a_date", spoil_sheet=spoil_sheet.add_subtotal_row,
               cost="row", column="채혈일", table="lab_result"),
    FileDefect("repeated_header", "the header again in the middle", _LABS, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("added_column", "a column that nobody knows", _PROCEDURES, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("reordered_columns", "columns in another order", _LABS, "", spoil_sheet=spoil_sheet.reorder_columns),
    FileDefect("decomposed_name", "a file name in decomposed Hangul", _PATIENTS, "", spoil_bytes=spoil_bytes.decompose_name,
               manifest="sent"),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (
        *_FILES,
        *in_any_file("추적", patient_column="환자번호"),
        *in_any_workbook("외래", column="체중(kg)", letters="F"),
    ),
    patient_column="환자번호",
    follow_up="추적",
    death_column="사망일",
)
