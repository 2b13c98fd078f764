"""What is planted into CMC's delivery. All forms lie in one file, so each defect chooses records of its own form."""

from collections.abc import Callable

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_text
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect

_DATA, _DICTIONARY = "SorafenibHCC_DATA", "SorafenibHCC_DataDictionary"
_UNKNOWN_NUMBER = "C999998"
_OWN = ""
"""The patient's own record belongs to no repeating instrument."""


def _of(form: str, *filled: str) -> Callable[[Record], bool]:
    """Choose records of a form in which some fields are filled."""
    return lambda record: record["redcap_repeat_instrument"] == form and all(record[field] for field in filled)


def _times(field: str, factor: float) -> Callable[[Record], str]:
    return lambda record: f"{float(record[field]) * factor:g}"


_CELLS = (
    CellDefect("unlisted code", _DATA, "sex", lambda _: "3", "unlisted_code", "cell", "patient", fits=_of(_OWN)),
    CellDefect("unlisted code", _DATA, "ae_outcome", lambda _: "77", "unlisted_code", "cell", "adverse_event",
               fits=_of("adverse_event")),
    CellDefect("checkbox that is neither ticked nor not", _DATA, "cm_ing___8", lambda _: "X", "not_a_boolean", "none",
               "medication", fits=_of("comedication")),
    CellDefect("impossible date", _DATA, "birth_date", lambda _: "1955-02-30", "not_a_date", "cell", "patient", fits=_of(_OWN)),
    CellDefect("impossible date", _DATA, "le_date", lambda _: "2012-13-04", "not_a_date", "row", "lesion", fits=_of("lesion")),
    CellDefect("date before birth", _DATA, "ae_onset", lambda _: "1905-05-05", "before_birth", "none", "adverse_event",
               fits=_of("adverse_event")),
    CellDefect("date after death", _DATA, "v_date", lambda _: "2016-03-31", "after_death", "none", "observation",
               fits=lambda record: _of("visit")(record) and "" < record["fu_death"] < "2015-06"),
    CellDefect("unit mistaken: g/L written as g/dL", _DATA, "lb_alb", _times("lb_alb", 10), "implausible_value", "none",
               "lab_result", fits=_of("laboratory", "lb_alb"), times=3),
    CellDefect("unit mistaken: cm written as mm", _DATA, "tu_diam_mm", _times("tu_diam_mm", 0.1), "size_disagrees", "none",
               "tumour_baseline",
               fits=lambda record: record["tu_infiltrative"] == "0" and float(record["tu_diam_mm"] or 0) > 30),
    CellDefect("shifted decimal", _DATA, "lb_hb", _times("lb_hb", 10), "implausible_value", "none", "lab_result",
               fits=_of("laboratory", "lb_hb"), times=3),
    CellDefect("shifted decimal", _DATA, "tu_diam_mm", lambda _: "1250", "out_of_range", "cell", "tumour_baseline", fits=_of(_OWN)),
    CellDefect("shifted decimal", _DATA, "do_mg", lambda _: "4000", "out_of_range", "cell", "exposure", fits=_of("dose")),
    CellDefect("swapped columns", _DATA, "do_stop", lambda record: record["do_start"], "end_before_start", "none", "exposure",
               fits=lambda record: _of("dose")(record) and record["do_start"] < record["do_stop"], partner="do_start"),
    CellDefect("grade out of scale", _DATA, "ae_grade", lambda _: "7", "out_of_range", "cell", "adverse_event",
               fits=_of("adverse_event", "ae_grade")),
    CellDefect("grade that the term does not have", _DATA, "ae_grade", lambda _: "4", "grade_not_in_term", "none",
               "adverse_event", fits=lambda record: record["ae_term"].startswith("Palmar-plantar")),
    CellDefect("text in a number", _DATA, "lb_k", lambda _: "hemolyzed", "not_a_number", "cell", "lab_result",
               fits=_of("laboratory", "lb_k"), times=3),
    CellDefect("text in a number", _DATA, "tu_count", lambda _: "many", "not_a_number", "cell", "tumour_baseline", fits=_of(_OWN)),
    CellDefect("resident number in free text", _DATA, "ae_text", lambda record: f"{record['ae_text']} (550312-1234567)",
               "masked_identifier", "none", "", fits=_of("adverse_event")),
    CellDefect("phone in free text", _DATA, "fu_cause_text", lambda _: "보호자 통화 010-1234-5678", "masked_identifier",
               "none", "", fits=_of(_OWN, "fu_death")),
    CellDefect("missing start", _DATA, "do_start", lambda _: "", "missing_required", "row", "exposure", fits=_of("dose")),
    CellDefect("date in the future", _DATA, "fu_last", lambda _: "2091-01-01", "in_the_future", "none", "follow_up",
               fits=lambda record: _of(_OWN)(record) and record["fu_death"] == ""),
)  # fmt: skip

_RECORDS = (
    RecordDefect("duplicate patient", _DATA, list, True, "duplicate_key", "patient", fits=_of(_OWN)),
    RecordDefect("duplicate result", _DATA, list, True, "duplicate_key", "lab_result", fits=_of("laboratory")),
    RecordDefect("orphan event", _DATA, lambda cells: [_UNKNOWN_NUMBER, *cells[1:]], True, "unknown_parent", "adverse_event",
                 fits=_of("adverse_event")),
    RecordDefect("a field too few", _DATA, lambda cells: cells[:-1], False, "ragged_record", "", fits=_of("lesion")),
)  # fmt: skip

_FILES = (
    FileDefect("truncated", "file cut in half", _DATA, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="sent"),
    FileDefect("lost_encoding", "file saved as cp949", _DATA, REFUSED, spoil_bytes=spoil_bytes.reencode("utf-8", "cp949")),
    FileDefect("missing_dictionary", "no data dictionary", _DICTIONARY, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("older_dictionary", "a dictionary that lacks a field of the export", _DICTIONARY, REFUSED,
               spoil_sheet=spoil_sheet.cut_at_record),
    FileDefect("added_column", "a column that nobody knows", _DATA, REFUSED, spoil_sheet=spoil_sheet.add_column),
    FileDefect("missing_column", "a column that is mapped and did not come", _DATA, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", _DATA, REFUSED, spoil_bytes=spoil_bytes.send_page, manifest="none"),
    FileDefect("repeated_header", "the header again in the middle", _DATA, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_header, cost="row"),
    FileDefect("reordered_columns", "columns in another order", _DATA, "", spoil_sheet=spoil_sheet.reorder_columns),
)  # fmt: skip

PLAN = DefectPlan(
    (*_CELLS, *in_all_spellings(_CELLS)),
    _RECORDS,
    (*_FILES, *in_any_file(_DATA, patient_column="record_id"), *in_any_text(_DATA, delimiter=",")),
    patient_column="record_id",
    follow_up=_DATA,
    death_column="fu_death",
)
