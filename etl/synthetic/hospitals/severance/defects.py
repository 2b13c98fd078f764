"""What is planted into Severance's delivery."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_text
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect
from etl.synthetic.hospitals.severance.words import HIGH, LOW

_UNKNOWN_NUMBER = "V999998"
_LABS, _NOTES, _DOSES, _PATIENTS, _PROCEDURES = "진단검사", "경과기록", "약물투여", "기본정보", "시술수술"
_FOLLOW_UP, _TUMOURS = "추적", "치료전종양"


def _analyte(name: str) -> Callable[[Record], bool]:
    return lambda record: record["검사명"] == name


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column].strip(HIGH + LOW)) * 10:g}"


def _died_before_2015(record: Record) -> bool:
    return "" < record["사망일"] < "2015"


def _has_event(record: Record) -> bool:
    return "G" in record["이상반응"]


_CELLS = (
    CellDefect("unlisted code", _PATIENTS, "성별", lambda _: "남", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _LABS, "검사명", lambda _: "CPK", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("unlisted code in a list", "병용약", "성분", lambda record: f"{record['성분']}/비타민", "unlisted_code", "row",
               "medication"),
    CellDefect("neither yes nor no", _TUMOURS, "M_Lung", lambda _: "의심", "not_a_boolean", "cell", "tumour_baseline"),
    CellDefect("impossible date", _PATIENTS, "생년월일", lambda _: "1955.2.30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LABS, "채혈일", lambda _: "2012.13.4", "not_a_date", "row", "lab_result"),
    CellDefect("year of two digits", _LABS, "채혈일", lambda record: record["채혈일"][2:], "not_a_date", "row", "lab_result"),
    CellDefect("date before birth", _LABS, "채혈일", lambda _: "1905.1.7", "before_birth", "none", "lab_result"),
    CellDefect("date after death", _LABS, "채혈일", lambda _: "2016.3.31", "after_death", "none", "lab_result",
               fits=_died_before_2015),
    CellDefect("unit mistaken: g/L written as g/dL", _LABS, "결과값", _ten_times("결과값"), "implausible_value", "none",
               "lab_result", fits=_analyte("알부민")),
    CellDefect("unit mistaken: m written as cm", _NOTES, "Ht", lambda record: f"{float(record['Ht']) / 100:.2f}",
               "implausible_value", "none", "observation", fits=lambda record: record["Ht"] != ""),
    CellDefect("unlisted unit", _LABS, "단위", lambda _: "mgg", "unlisted_code", "cell", "lab_result",
               fits=_analyte("α-FP")),
    CellDefect("unit that does not fit", _LABS, "단위", lambda _: "IU/ℓ", "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("Cr")),
    CellDefect("missing unit", _LABS, "단위", lambda _: "", "unit_missing", "none", "lab_result", fits=_analyte("총빌리루빈")),
    CellDefect("shifted decimal", _LABS, "결과값", _ten_times("결과값"), "implausible_value", "none", "lab_result",
               fits=_analyte("Hb")),
    CellDefect("shifted decimal", _DOSES, "용법", lambda _: "4000mg bid", "out_of_range", "cell", "exposure"),
    CellDefect("lost slash", _NOTES, "BP", lambda record: record["BP"].replace("/", ""), "out_of_range", "cell", "observation",
               fits=lambda record: "/" in record["BP"]),
    CellDefect("swapped columns", _DOSES, "종료일", lambda record: record["시작일"], "end_before_start", "none", "exposure",
               fits=lambda record: _parts(record["시작일"]) < _parts(record["종료일"]), partner="시작일"),
    CellDefect("swapped columns", _LABS, "결과값", lambda record: record["단위"], "no_match", "cell", "lab_result",
               fits=_analyte("AST(SGOT)"), partner="단위", partner_rule="unlisted_code"),
    CellDefect("grade out of scale", _NOTES, "이상반응", lambda _: "발진 Gr VI", "unlisted_code", "cell", "adverse_event",
               fits=_has_event),
    CellDefect("score that cannot be read", _PATIENTS, "Child-Pugh", lambda _: "A급 5점", "no_match", "cell", "patient"),
    CellDefect("dose that cannot be read", _DOSES, "용법", lambda _: "2T bid", "no_match", "cell", "exposure"),
    CellDefect("text in a number", _LABS, "결과값", lambda _: "용혈", "no_match", "cell", "lab_result", fits=_analyte("K")),
    CellDefect("text in a number", _TUMOURS, "갯수", lambda _: "여러개", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("range of normal that cannot be read", _LABS, "참고치", lambda _: "음성", "no_match", "cell", "lab_result",
               fits=_analyte("Na")),
    CellDefect("resident number in free text", _NOTES, "이상반응", lambda record: f"{record['이상반응']} (550312-1234567)",
               "masked_identifier", "none", "", fits=_has_event),
    CellDefect("phone in free text", _FOLLOW_UP, "사인내용", lambda _: "보호자 통화 010-1234-5678", "masked_identifier", "none",
               "", fits=lambda record: record["사망일"] != ""),
    CellDefect("missing start", _DOSES, "시작일", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", _FOLLOW_UP, "최종확인일", lambda _: "2091.1.1", "in_the_future", "none", "follow_up",
               fits=lambda record: record["사망일"] == ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _PATIENTS, list, True, "duplicate_key", "patient"),
    RecordDefect("duplicate result", _LABS, list, True, "duplicate_key", "lab_result"),
    RecordDefect(
        "orphan event", _NOTES, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event",
        fits=_has_event,
    ),
    RecordDefect("a field too few", "병변측정", lambda cells: cells[:-1], False, "ragged_record", ""),
    RecordDefect("a field too many: an unquoted comma", _PROCEDURES, lambda cells: [*cells[:2], "간", *cells[2:]], False,
                 "ragged_record", ""),
)  # fmt: skip

_FILES = (
    FileDefect("truncated", "file cut in half", _LABS, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("cut_character", "file cut in the middle of a letter", _PATIENTS, REFUSED,
               spoil_bytes=spoil_bytes.cut_inside_character("cp949"), manifest="none"),
    FileDefect("shortened", "file cut between two records, after a full delivery", _LABS, REFUSED,
               spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True),
    FileDefect("lost_encoding", "file saved as UTF-8", _PATIENTS, REFUSED, spoil_bytes=spoil_bytes.reencode("cp949", "utf-8")),
    FileDefect("lost_letters", "file saved as UTF-8 with a mark", _NOTES, REFUSED,
               spoil_bytes=spoil_bytes.reencode("cp949", "utf-8-sig")),
    FileDefect("nul_byte", "a NUL character in a record", _LABS, REFUSED, spoil_bytes=spoil_bytes.insert_nul),
    FileDefect("open_quote", "a quote that is never closed", _LABS, REFUSED, spoil_bytes=spoil_bytes.open_quote),
    FileDefect("header_only", "a header and no record", _PROCEDURES, REFUSED, spoil_sheet=spoil_sheet.keep_header, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", _PROCEDURES, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _PROCEDURES, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("subtotal", "a subtotal below the records", _LABS, "ragged_record", spoil_sheet=spoil_sheet.add_subtotal,
               cost="row"),
    FileDefect("added_column", "a column that nobody knows", _PROCEDURES, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("repeated_header", "the header again in the middle", _LABS, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("reordered_columns", "columns in another order", _LABS, "", spoil_sheet=spoil_sheet.reorder_columns),
    FileDefect("decomposed_name", "a file name in decomposed Hangul", _PATIENTS, "", spoil_bytes=spoil_bytes.decompose_name,
               manifest="sent"),
)  # fmt: skip


def _parts(date: str) -> list[int]:
    return [int(part) for part in date.split(".")] if date else []


PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file(_FOLLOW_UP, patient_column="등록번호", marks="\u00ad"), *in_any_text(_LABS, delimiter=",")),
    patient_column="등록번호",
    follow_up=_FOLLOW_UP,
    death_column="사망일",
)
