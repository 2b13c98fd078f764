"""What is planted into SNUH's delivery."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_text
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect

_UNKNOWN_NUMBER = "S999998"
_LABS, _EVENTS, _DOSES, _PATIENTS, _PROCEDURES = "검사결과", "이상반응", "투약용량", "환자기본", "시술"


def _analyte(code: str) -> Callable[[Record], bool]:
    return lambda record: record["검사코드"] == code and record["결과"].replace(".", "").isdigit()


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


_CELLS = (
    CellDefect("unlisted code", _PATIENTS, "성별", lambda _: "M", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "결과", lambda _: "호전", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", _LABS, "검사코드", lambda _: "L998", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("impossible date", _PATIENTS, "생년월일", lambda _: "1955-02-30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LABS, "검사일자", lambda _: "2012-13-04", "not_a_date", "row", "lab_result", times=3),
    CellDefect("date before birth", _EVENTS, "발생일자", lambda _: "1905-05-05", "before_birth", "none", "adverse_event"),
    CellDefect("date before birth", _LABS, "검사일자", lambda _: "1905-01-07", "before_birth", "none", "lab_result"),
    CellDefect("date after death", _LABS, "검사일자", lambda _: "2016-03-31", "after_death", "none", "lab_result",
               fits=lambda record: record["사망일자"] != "" and record["사망일자"] < "2015-06", times=3),
    CellDefect("unit mistaken: g/L written as g/dL", _LABS, "결과", _ten_times("결과"), "implausible_value", "none",
               "lab_result", fits=_analyte("L107"), times=3),
    CellDefect("unit mistaken: cm written as mm", "종양기저", "최대직경_mm",
               lambda record: f"{float(record['최대직경_mm']) / 10:g}", "size_disagrees", "none", "tumour_baseline",
               fits=lambda record: record["침윤형"] == "아니오" and float(record["최대직경_mm"]) > 30, times=3),
    CellDefect("unit that does not fit", _LABS, "단위", lambda _: "IU/L", "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("L201")),
    CellDefect("unlisted unit", _LABS, "단위", lambda _: "mgg", "unlisted_code", "cell", "lab_result", fits=_analyte("L202")),
    CellDefect("missing unit", _LABS, "단위", lambda _: "", "unit_missing", "none", "lab_result", fits=_analyte("L105")),
    CellDefect("shifted decimal", _LABS, "결과", _ten_times("결과"), "implausible_value", "none", "lab_result",
               fits=_analyte("L301"), times=3),
    CellDefect("shifted decimal", _DOSES, "1회용량_mg", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("shifted decimal", "종양기저", "최대직경_mm", lambda _: "1250", "out_of_range", "cell", "tumour_baseline"),
    CellDefect("swapped columns", _DOSES, "종료일자", lambda record: record["시작일자"], "end_before_start", "none",
               "exposure", fits=lambda record: record["시작일자"] < record["종료일자"], partner="시작일자"),
    CellDefect("swapped columns", _LABS, "결과", lambda record: record["단위"], "not_a_number", "cell", "lab_result",
               fits=_analyte("L101"), partner="단위", partner_rule="unlisted_code"),
    CellDefect("grade out of scale", _EVENTS, "등급", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "등급", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["CTCAE용어"].startswith("Palmar-plantar")),
    CellDefect("text in a number", _LABS, "결과", lambda _: "용혈", "not_a_number", "cell", "lab_result",
               fits=_analyte("L204"), times=3),
    CellDefect("text in a number", "종양기저", "종양개수", lambda _: "다수", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("resident number in free text", _EVENTS, "이상반응명", lambda record: f"{record['이상반응명']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", "추적관찰", "사망원인상세", lambda _: "보호자 통화 010-1234-5678", "masked_identifier",
               "none", "", fits=lambda record: record["사망일자"] != ""),
    CellDefect("e-mail in free text", "과거력", "질환명", lambda _: "문의 hong.gildong@example.org", "masked_identifier",
               "none", "", fits=lambda record: record["질환명"] != ""),
    CellDefect("missing start", _DOSES, "시작일자", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", "추적관찰", "최종추적일자", lambda _: "2091-01-01", "in_the_future", "none",
               "follow_up", fits=lambda record: record["사망일자"] == ""),
    CellDefect("end before start", _EVENTS, "종료일자", lambda _: "2006-12-31", "end_before_start", "none",
               "adverse_event", fits=lambda record: record["종료일자"] != ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _LABS, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _EVENTS, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event"
    ),
    RecordDefect("a field too few", "병변", lambda cells: cells[:-1], False, "ragged_record", ""),
    RecordDefect("a field too many", _PROCEDURES, lambda cells: [*cells, "비고"], False, "ragged_record", ""),
)

_FILES = (
    FileDefect("truncated", "file cut in half", _LABS, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect(
        "shortened", "file cut between two records, after a full delivery", _LABS, REFUSED,
        spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True,
    ),
    FileDefect("lost_encoding", "file saved as cp949", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.reencode("utf-8-sig", "cp949")),
    FileDefect("duplicate_header", "a column named twice", _PATIENTS, REFUSED, spoil_sheet=spoil_sheet.double_header),
    FileDefect("nul_byte", "a NUL character in a record", _LABS, REFUSED, spoil_bytes=spoil_bytes.insert_nul),
    FileDefect("open_quote", "a quote that is never closed", _LABS, REFUSED, spoil_bytes=spoil_bytes.open_quote),
    FileDefect("header_only", "a header and no record", _PROCEDURES, REFUSED, spoil_sheet=spoil_sheet.keep_header, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", _PROCEDURES, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LABS, "ragged_record",
               spoil_sheet=spoil_sheet.add_subtotal, cost="row"),
    FileDefect("repeated_header", "the header again in the middle", _LABS, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("added_column", "a column that nobody knows", _PROCEDURES, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("blank_lines", "blank lines between records", _LABS, "blank_lines",
               spoil_bytes=spoil_bytes.add_blank_lines, cost="none"),
    FileDefect("no_final_newline", "no line break at the end", _LABS, "no_final_newline",
               spoil_bytes=spoil_bytes.lose_final_newline, cost="none"),
    FileDefect("reordered_columns", "columns in another order", _LABS, "", spoil_sheet=spoil_sheet.reorder_columns),
    FileDefect("decomposed_name", "a file name in decomposed Hangul", _PATIENTS, "", spoil_bytes=spoil_bytes.decompose_name,
               manifest="sent"),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file("추적관찰", patient_column="연구등록번호"), *in_any_text(_LABS, delimiter=",")),
    patient_column="연구등록번호",
    follow_up="추적관찰",
    death_column="사망일자",
    oddities=frozenset({"검체부족", "L999", "S999999"}),
)
