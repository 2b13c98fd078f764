"""hcc respond: a file of one's own in, the same file with responses out; bad rows get a reason, bad files a sentence."""

import json
from pathlib import Path

import pytest
from spec.response_tables import SAME_DAY
from support.csv_rows import read_csv_rows

from etl.cli import run

VISITS = """\
patient_id,visit,day,target_sum_mm,targets_measured,non_target,new_lesion
a,baseline,-5,100,all,,
a,1,56,70,all,IR/SD,no
a,2,112,50.5,all,IR/SD,no
a,3,168,60.6,all,IR/SD,no
b,baseline,0,20,all,none,no
b,1,50,24,all,none,no
"""
LESIONS = """\
patient_id,visit,day,lesion_id,organ,is_node,viable_diameter_mm,whole_diameter_mm,short_axis_mm,enhancement,pattern
a,baseline,0,L1,liver,no,40,50,,arterial,typical
a,baseline,0,L2,liver,no,30,50,,arterial,typical
a,baseline,0,L3,liver,no,20,50,,arterial,typical
a,baseline,0,N1,lymph_node,yes,,,22,,
a,1,56,L1,liver,no,,50,,none,typical
a,1,56,L2,liver,no,,50,,none,typical
a,1,56,L3,liver,no,,50,,none,typical
a,1,56,N1,Lymph node,yes,,,9,,
a,2,112,L1,liver,no,,50,,none,typical
a,2,112,X1,liver,no,12,15,,arterial,typical
"""


def respond(tmp_path: Path, text: str, *options: str) -> list[dict[str, str]]:
    """Run the command on a text, and read what it wrote."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    assert run(["respond", *options, str(source), "-o", str(target)]) == 0
    return read_csv_rows(target)


def column(rows: list[dict[str, str]], name: str) -> list[str]:
    return [row[name] for row in rows]


def test_visits_get_their_responses_beside_the_columns_of_the_file(tmp_path: Path) -> None:
    rows = respond(tmp_path, VISITS)
    assert list(rows[0])[:7] == VISITS.splitlines()[0].split(",")
    assert column(rows, "target_sum_mm") == ["100", "70", "50.5", "60.6", "20", "24"]
    assert column(rows, "target_response") == ["", "PR", "PR", "PD", "", "PD"]
    assert column(rows, "overall_response") == ["", "PR", "PR", "PD", "", "PD"]
    assert rows[3]["criterion"] == "PD: sum at least 20 % above the nadir"
    assert set(column(rows, "reason")) == {""}


def test_options_change_the_answer_and_the_criterion_says_so(tmp_path: Path) -> None:
    rows = respond(tmp_path, VISITS, "--min-abs-increase-mm", "5")
    assert column(rows, "overall_response") == ["", "PR", "PR", "PD", "", "SD"]
    assert rows[3]["criterion"] == "PD: sum at least 20 % and 5 mm above the nadir"
    simple = respond(tmp_path, VISITS.replace("70,all,IR/SD,no", "0,all,IR/SD,no"), "--simplified")
    assert simple[1]["overall_response"] == "CR"
    assert "simplified" in simple[1]["criterion"]


def test_dates_serve_as_days(tmp_path: Path) -> None:
    text = VISITS.replace(",day,", ",visit_date,")
    for day, date in (("-5", "2010-01-01"), ("56", "2010-03-01"), ("112", "2010-05-01"), ("168", "2010-07-01")):
        text = text.replace(f",{day},", f",{date},")
    text = text.replace(",0,20", ",2010-01-01,20").replace(",50,24", ",2010-02-30,24")
    rows = respond(tmp_path, text)
    assert column(rows, "overall_response") == ["", "PR", "PR", "PD", "", ""]
    assert "date" in rows[5]["reason"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,1,56,-3,all,none,no", "target_sum_mm is not a length"),
        ("a,1,56,70.0000001,all,none,no", "at most six decimals"),
        ("a,1,56,9999,all,none,no", "target_sum_mm is above 2000 mm"),
        ("a,1,56,70 mm,all,none,no", "target_sum_mm is not a length"),
        ("a,1,56,,all,none,no", "target_sum_mm is empty"),
        ("a,1,56,70,most,none,no", "targets_measured is not one of"),
        ("a,1,56,70,,none,no", "targets_measured is not one of"),
        ("a,1,56,,not_applicable,none,no", "contradict"),
        ("a,1,x,70,all,none,no", "the day is neither"),
        ("a,1,-9,70,all,none,no", "not after the baseline"),
        ("a,baseline,56,70,all,none,no", "a second baseline"),
        (",1,56,70,all,none,no", "patient_id is empty"),
        ("a,1,56,70,all,none", "the row has 6 cells, the header has 7"),
        ("a,1,56,70,all,none,no,no", "the row has 8 cells, the header has 7"),
        ("a,1,56,70,all,none,perhaps", "new_lesion is neither yes nor no"),
        ("a,1,56,70,all,stable,no", "non_target is not one of"),
        ("a,1,56,70,all,,no", "non_target is empty"),
        ("c,1,56,70,all,none,no", "no row with visit = baseline"),
    ],
)
def test_a_bad_row_gets_a_reason_and_no_guess(row: str, reason: str, tmp_path: Path) -> None:
    header, baseline, *_ = VISITS.splitlines()
    last = respond(tmp_path, "\n".join([header, baseline, row, "a,2,112,60,all,none,no"]))
    assert reason in last[1]["reason"]
    assert last[1]["overall_response"] in ("", "NE")
    is_settled = reason in NO_SUM_IS_LOST
    assert last[2]["overall_response"] == ("PR" if is_settled else "")
    assert ("nadir" in last[2]["criterion"]) is not is_settled


NO_SUM_IS_LOST = (
    "not after the baseline", "patient_id is empty", "new_lesion is neither yes nor no", "non_target is not one of",
    "non_target is empty", "no row with visit = baseline",
)  # fmt: skip
"""After any other bad row the nadir is not known: what it says is a bound."""


@pytest.mark.parametrize(("later", "expected"), [("0", "CR"), ("60", ""), ("130", "PD")])
def test_a_sum_that_cannot_be_read_leaves_open_what_the_nadir_decides(
    later: str, expected: str, tmp_path: Path
) -> None:
    header, baseline, *_ = VISITS.splitlines()
    rows = respond(tmp_path, "\n".join([header, baseline, "a,1,56,1O,all,none,no", f"a,2,112,{later},all,none,no"]))
    assert column(rows, "overall_response") == ["", "", expected]


def test_what_is_unknown_does_not_hide_a_progression(tmp_path: Path) -> None:
    header, baseline, *_ = VISITS.splitlines()
    rows = respond(tmp_path, "\n".join([header, baseline, "a,1,56,130,all,,", "a,2,112,,none,none,yes"]))
    assert column(rows, "overall_response") == ["", "PD", "PD"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("24,all,none,no", "10,all,none,no", ("PD", "")),
        ("10,all,none,no", "24,all,none,no", ("", "PD")),
        ("10,all,none,no", "10,all,none,yes", ("", "PD")),
        ("10,all,none,no", "8,all,PD,no", ("", "PD")),
        ("10,all,none,no", "30,some,none,no", ("", "PD")),  # a part alone proves progression
        ("10,all,none,no", "23,some,none,no", ("PR", "")),  # NE loses to any
        (",none,none,no", "20,all,none,no", ("", "SD")),
        (",none,none,yes", "20,all,none,no", ("PD", "")),
        ("0,all,none,no", "0,all,IR/SD,no", ("", "PR")),
        ("20,all,none,no", "21,all,,no", ("SD", "")),  # whose response is not known
        ("10,all,none,no", "10,all,none,no", ("PR", "")),
    ],
)
def test_the_worst_row_of_a_day_counts_and_the_others_say_so(
    first: str, second: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    header, *rows = VISITS.splitlines()
    rows = respond(tmp_path, "\n".join([header, *rows[:5], f"b,1,50,{first}", f"b,2,50,{second}"]))
    assert tuple(column(rows, "overall_response")[5:]) == expected
    (lost,) = [row["reason"] for row in rows[5:] if not row["overall_response"]]
    assert lost.startswith("another row of this day counts, because the worst one does")


def test_a_row_that_does_not_count_is_no_nadir(tmp_path: Path) -> None:
    header, *rows = VISITS.splitlines()
    rows = respond(
        tmp_path,
        "\n".join([header, *rows[:5], *("b,1,50,10,all,none,no", "b,1,50,18,all,none,no"), "b,2,90,18,all,none,no"]),
    )
    assert column(rows, "overall_response")[5:] == ["", "SD", "SD"]


@pytest.mark.parametrize(
    ("cells", "response", "reason"),
    [
        ("18,all,none,no,yes", "CR", ""),
        ("19.999999,all,none,no,YES", "CR", ""),
        ("20,all,none,no,yes", "PR", "normal nodes cannot leave such a sum"),
        ("18,some,none,no,yes", "NE", "not every target was measured"),
        ("18,all,none,no,no", "PR", ""),
        ("18,all,none,no,perhaps", "", "targets_gone is neither yes nor no"),
    ],
)
def test_targets_are_gone_only_with_a_sum_that_nodes_can_leave(
    cells: str, response: str, reason: str, tmp_path: Path
) -> None:
    header, baseline, *_ = VISITS.splitlines()
    rows = respond(tmp_path, "\n".join([f"{header},targets_gone", f"{baseline},", f"a,1,56,{cells}"]))
    assert rows[1]["overall_response"] == response
    assert (reason in rows[1]["reason"]) if reason else rows[1]["reason"] == ""


def test_responses_become_the_best_one(tmp_path: Path) -> None:
    text = (
        "patient_id,day,overall_response,new_therapy_day\n"
        "b,30,SD,\nb,60,PD,\na,56,PR,\na,112,pr,\nc,56,SD,40\nd,x,PR,\ne,50,XX,\ne,60,SD,\nf,60,PR,soon\n,5,SD,\n"
    )
    rows = respond(tmp_path, text, "--best")
    assert [(row["patient_id"], row["best_overall_response"]) for row in rows] == [
        ("b", "PD"), ("a", "PR"), ("c", "NE"), ("d", "NE"), ("e", ""), ("f", ""), ("", ""),
    ]  # fmt: skip
    reasons = column(rows, "reason")
    assert reasons[2] == "no visit that counts"
    assert reasons[3] == "row 6: day is not a whole number; no visit that counts"
    assert "row 7: overall_response is not one of" in reasons[4]
    assert "new_therapy_day is not a whole number" in reasons[5]


@pytest.mark.parametrize(
    ("rows", "best"),
    [
        ("a,50,XX a,60,SD", ""),
        ("a,50, a,60,SD", ""),
        ("a,x,PD a,60,SD", ""),
        ("a,50 a,60,SD", ""),
        ("a,60,XX a,60,SD", ""),
        ("a,x,PR a,60,SD", "SD"),  # no progression, whenever it was
        ("a,-5,XX a,60,SD", "SD"),
        ("a,60,SD a,90,XX", "SD"),
        ("a,60,PD a,90,XX", "PD"),
        ("a,60,XX a,60,PD", "PD"),
    ],
)
def test_what_may_hide_a_progression_leaves_the_best_response_open(rows: str, best: str, tmp_path: Path) -> None:
    text = "patient_id,day,overall_response\n" + rows.replace(" ", "\n")
    (answer,) = respond(tmp_path, text, "--best")
    assert answer["best_overall_response"] == best
    assert ("may be progression before" in answer["reason"]) == (best == "")


def test_confirmation_and_its_options(tmp_path: Path) -> None:
    text = "patient_id,day,overall_response\na,56,PR\na,80,NE\na,83,PR\n"
    assert respond(tmp_path, text, "--best")[0]["best_overall_response"] == "PR"
    assert respond(tmp_path, text, "--best", "--confirmed")[0]["best_overall_response"] == "SD"
    confirmed = respond(tmp_path, text, "--best", "--confirmed", "--confirmation-days", "27")
    assert confirmed[0]["best_overall_response"] == "PR"
    assert confirmed[0]["criterion"].startswith("confirmed at least 27 days later, at most 1 NE and 0 SD between")
    strict = respond(tmp_path, text, "--best", "--confirmed", "--confirmation-days", "27", "--max-ne", "0")
    assert strict[0]["best_overall_response"] == "SD"
    late = respond(tmp_path, text, "--best", "--confirmed", "--min-sd-days", "90")
    assert late[0]["best_overall_response"] == "NE"


@pytest.mark.parametrize("case", SAME_DAY.cases, ids=lambda case: case["responses"])
def test_records_of_one_day(case: dict[str, str], tmp_path: Path) -> None:
    rows = "".join(f"a,56,{response.strip()}\n" for response in case["responses"].split(","))
    best = respond(tmp_path, f"patient_id,day,overall_response\n{rows}", "--best")
    assert best[0]["best_overall_response"] == case["the day"]


def test_the_answer_on_visits_is_a_question_for_the_best(tmp_path: Path) -> None:
    respond(tmp_path, VISITS)
    best = respond(tmp_path, (tmp_path / "out.csv").read_text(encoding="utf-8").replace("reason", "note"), "--best")
    assert [(row["best_overall_response"], row["reason"]) for row in best] == [("PR", ""), ("PD", "")]


def test_lesions_become_targets_sums_and_responses(tmp_path: Path) -> None:
    rows = respond(tmp_path, LESIONS, "--lesions")
    assert column(rows, "lesion_role") == [
        *("target", "target", "non_target", "target"), *("target", "target", "non_target", "target"), "target", "new",
    ]  # fmt: skip
    assert column(rows, "target_sum_mm")[0] == "92"
    assert column(rows, "overall_response") == [""] * 4 + ["CR"] * 4 + ["PD"] * 2
    assert rows[9]["role_because"] == "typical nodule"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("L1,liver,no,,50,,none", "L1,kidney,no,,50,,none", "organ is not one of"),
        ("L1,liver,no,,50,,none", "L1,liver,no,-1,50,,none", "viable_diameter_mm is not a length"),
        ("L1,liver,no,,50,,none", "L1,liver,no,,500,,none", "whole_diameter_mm is not a length"),
        ("L1,liver,no,,50,,none", "L1,liver,no,,50,,bright", "enhancement is not one of"),
        ("L1,liver,no,,50,,none", ",liver,no,,50,,none", "lesion_id is empty"),
        ("a,1,56,L1", "a,1,-4,L1", "not after the baseline"),
        ("a,1,56,L1", "a,1,56,L2", "a second row of this lesion"),
        ("a,1,56,L1", "a,1,56,l01", "differs from one at the baseline in case or leading zeros alone"),
        ("L1,liver,no,,50,,none", "L1,liver,아니오,,50,,none", "is_node is neither yes nor no"),
    ],
)
def test_a_bad_lesion_gets_a_reason(old: str, new: str, reason: str, tmp_path: Path) -> None:
    rows = respond(tmp_path, LESIONS.replace(old, new, 1), "--lesions")
    assert any(reason in row["reason"] for row in rows)
    assert rows[7]["overall_response"] == "NE"


@pytest.mark.parametrize(
    ("was", "now", "responses"),
    [
        ("a,baseline,0,L1,liver,no,40", "a,baseline,0,L1,liver,no,40mm", ["NE", "PD"]),  # the reader named X1, not L1
        ("a,baseline,0,L1", "a,baseline,first,L1", ["NE", "PD"]),
        ("a,baseline,0,L1", "a,baseline,0,", ["NE", "NE"]),  # X1 may be the lesion of the baseline
        ("a,1,56,L1", "a,1,?,L1", ["NE", "PD"]),  # L1 has its own row on every other day
        ("a,2,112,X1", "a,2,?,X1", ["NE", "NE"]),  # a new lesion, on one of the two days
        ("a,2,112,X1,liver,no,12", "a,2,112,X1,liver,no,12mm", ["CR", "NE"]),
        ("a,2,112,X1,liver", ",2,112,X1,liver", ["CR", "NE"]),  # nobody's: it makes nobody unknown
    ],
)
def test_a_lesion_that_cannot_be_read_is_unknown_not_absent(
    was: str, now: str, responses: list[str], tmp_path: Path
) -> None:
    rows = respond(tmp_path, LESIONS.replace(was, now, 1), "--lesions")
    given = {row["visit"]: row["overall_response"] for row in rows if row["patient_id"] and row["overall_response"]}
    assert [given[visit] for visit in ("1", "2")] == responses


@pytest.mark.parametrize(
    ("name", "cell", "reason"),
    [
        ("arterial_phase", "아니오", "arterial_phase is neither yes nor no"),
        ("treated_before", "perhaps", "treated_before is neither yes nor no"),
        ("new_lesion", "perhaps", "new_lesion is neither yes nor no"),
        ("role", "target", "the baseline has no such target"),
        ("malignant_cells", "perhaps", "malignant_cells is neither yes nor no"),
    ],
)
def test_cells_of_a_lesion_are_checked(name: str, cell: str, reason: str, tmp_path: Path) -> None:
    header, *lines = LESIONS.replace("12,15,,arterial,typical", "12,15,,arterial,infiltrative").splitlines()
    text = "\n".join([f"{header},{name}", *(f"{line}," for line in lines[:-1]), f"{lines[-1]},{cell}"])
    rows = respond(tmp_path, text, "--lesions")
    assert reason in rows[-1]["reason"]
    assert rows[-1]["overall_response"] == ("" if "neither" in reason else "NE")


def test_what_contradicts_itself_among_lesions_is_told(tmp_path: Path) -> None:
    text = LESIONS.replace("L1,liver,no,,50,,none", "L1,liver,no,7,50,,none", 1)
    text = text.replace("a,1,56,L2,liver", "a,1,56,L2,lung").replace("12,15,,arterial,typical", "12,15,,,infiltrative")
    rows = respond(tmp_path, text, "--lesions")
    assert (rows[4]["size_mm"], rows[4]["reason"]) == ("0", "enhancement is none, so the viable part counts as 0")
    assert rows[5]["reason"] == "the organ differs from that at the baseline"
    assert rows[9]["role_because"] == "infiltrative lesion, watched"


def test_a_node_at_the_porta_hepatis_is_a_target_from_20_mm_on(tmp_path: Path) -> None:
    text = LESIONS.replace("N1,lymph_node,yes,,,22", "N1,porta hepatis,,,,19")
    assert respond(tmp_path, text, "--lesions")[3]["lesion_role"] == "non_target"
    assert respond(tmp_path, text.replace(",,,19", ",,,20"), "--lesions")[3]["lesion_role"] == "target"


def test_roles_and_the_arterial_phase_may_be_told(tmp_path: Path) -> None:
    lines = LESIONS.splitlines()
    lines[0] += ",role,arterial_phase"
    lines[1:5] = [line + role for line, role in zip(lines[1:5], (",target,", ",,", ",,", ",non_target,"), strict=True)]
    lines[5:9] = [line + ",,no" for line in lines[5:9]]
    lines[9:] = [line + ",," for line in lines[9:]]
    rows = respond(tmp_path, "\n".join(lines), "--lesions")
    assert column(rows, "lesion_role")[:4] == ["target", "non_target", "non_target", "non_target"]
    assert rows[4]["overall_response"] == "NE"


def test_korean_windows_files_and_other_delimiters_are_read(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(VISITS.replace("a,", "환자,").replace(",", ";").encode("cp949"))
    assert run(["respond", str(source), "-o", str(tmp_path / "out.csv")]) == 0
    assert "환자,1,56,70,all,IR/SD,no,PR,PR" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_table_or_json_goes_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_text(VISITS, encoding="utf-8")
    assert run(["respond", str(source)]) == 0
    assert "PD: sum at least 20 % above the nadir" in capsys.readouterr().out
    assert run(["respond", "--json", str(source)]) == 0
    assert json.loads(capsys.readouterr().out)[1]["overall_response"] == "PR"
    assert run(["respond", "--json", str(source), "-o", str(tmp_path / "out.csv")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 6


@pytest.mark.parametrize(
    ("content", "message", "code"),
    [
        (None, "there is no such file", 8),
        (b"", "the file is empty", 4),
        (b"patient_id,day\na,1\n", "the header lacks visit, target_sum_mm", 4),
        (VISITS.replace("new_lesion", "day").encode(), "the header names day twice", 4),
        (VISITS.replace("new_lesion", "new_lesion,reason").encode(), "it already has reason", 4),
        (b"\x80\xff\xfe\x81" * 40, "it is text in neither UTF-8", 4),
        (VISITS.encode() + b'b,"open', "cannot be read as CSV", 4),
    ],
)
def test_a_bad_file_gets_one_sentence(
    content: bytes | None, message: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    if content is not None:
        source.write_bytes(content)
    assert run(["respond", str(source), "-o", str(tmp_path / "out.csv")]) == code
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--best", "--lesions"], "read different files"),
        (["--confirmed"], "goes with --best"),
        (["--max-ne", "1"], "goes with --best"),
        (["--best", "--max-ne", "1"], "go with --confirmed"),
        (["--best", "--max-sd", "1", "--min-sd-days", "56"], "go with --confirmed"),
        (["--best", "--confirmation-days", "28"], "go with --confirmed"),
        (["--best", "--simplified"], "goes without --best"),
        (["--min-abs-increase-mm", "much"], "expected millimetres"),
        (["--min-abs-increase-mm", "-1"], "expected millimetres"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["respond", *options, str(tmp_path / "in.csv")]) == 2
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_the_answer_never_overwrites_its_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_text(VISITS, encoding="utf-8")
    assert run(["respond", str(source), "-o", str(source)]) == 2
    assert source.read_text(encoding="utf-8") == VISITS
    assert run(["respond", str(source), "-o", str(tmp_path / "nowhere" / "out.csv")]) == 7
    assert "cannot be written" in capsys.readouterr().err


def lesions(rows: str) -> str:
    """Write lesions as a file: `a,baseline,0,L1,40` with what is the same for all."""
    header = LESIONS.splitlines()[0] + ",new_lesion,arterial_phase,malignant_cells"
    organs = {"L": "liver", "U": "lung", "N": "lymph_node", "E": "pleura"}
    lines = []
    for row in rows.split():
        patient, visit, day, label, size, *more = row.split(",")
        pattern = "effusion" if label[0] == "E" else "typical"
        cells = [*more, "", "", ""][:3]
        lines.append(
            f"{patient},{visit},{day},{label},{organs[label[0]]},,{size},{size},{size},arterial,{pattern},{','.join(cells)}"
        )
    return "\n".join([header, *lines]) + "\n"


@pytest.mark.parametrize(
    ("rows", "responses"),
    [
        # a baseline of two days: 60 mm, and the liver is not new
        ("a,baseline,-5,L1,40 a,baseline,-5,U1,20 a,baseline,0,U1,20 a,1,56,L1,40 a,1,56,U1,20", ["SD", "SD"]),
        ("a,baseline,10,L1,40 a,baseline,15,U1,20 a,1,71,L1,40 a,1,71,U1,60", ["PD", "PD"]),
        # follow-up on two days
        ("a,baseline,0,L1,40 a,baseline,0,U1,20 a,1,56,L1,20 a,1,60,U1,10", ["PR", "PR"]),
        ("a,baseline,0,L1,40 a,baseline,0,U1,20 a,1,56,L1,20 a,1,71,U1,10", ["NE", "NE"]),
        # a chest CT without an arterial phase
        ("a,baseline,0,L1,30 a,baseline,0,U1,20 a,1,56,L1,30,,no a,1,56,U1,61,,no", ["PD", "PD"]),
        # a new effusion, with and without malignant cells
        ("a,baseline,0,L1,30 a,1,56,L1,30 a,1,56,E1,30,,,yes", ["PD", "PD"]),
        ("a,baseline,0,L1,30 a,1,56,L1,30 a,1,56,E1,30,yes,,no", ["SD", "SD"]),
    ],
)
def test_days_close_together_are_one_visit(rows: str, responses: list[str], tmp_path: Path) -> None:
    answer = respond(tmp_path, lesions(rows), "--lesions")
    assert [row["overall_response"] for row in answer if row["visit"] != "baseline"] == responses


def test_a_visit_of_two_days_says_where_it_begins_and_which_day_counts(tmp_path: Path) -> None:
    rows = "a,baseline,10,L1,40 a,baseline,15,U1,20 a,1,71,L1,20 a,1,75,U1,10 a,1,75,L1,21 a,2,130,L1,80 a,2,135,U1,10"
    answer = respond(tmp_path, lesions(rows), "--lesions")
    assert column(answer, "visit_begins") == ["15", "15", "71", "71", "71", "130", "130"]
    assert column(answer, "response_on") == ["", "", "75", "75", "75", "130", "130"]
    assert "the later one does" in answer[2]["reason"]
    dated = lesions("a,baseline,2010-01-10,L1,40 a,1,2010-03-01,L1,20 a,1,2010-03-04,L1,20").replace(
        ",day,", ",visit_date,"
    )
    answer = respond(tmp_path, dated, "--lesions")
    assert column(answer, "response_on")[1:] == ["2010-03-04", "2010-03-04"]


def test_a_baseline_too_long_after_the_first_is_a_second_one(tmp_path: Path) -> None:
    rows = "a,baseline,0,L1,40 a,baseline,61,U1,20 a,baseline,62,L1,30 a,1,120,L1,40 a,1,120,U1,20"
    answer = respond(tmp_path, lesions(rows), "--lesions")
    assert answer[2]["reason"].startswith("a second baseline, more than 61 days after the first")
    assert column(answer, "overall_response")[3:] == ["SD", "SD"]


def test_a_new_lesion_that_is_not_followed_is_in_the_criterion(tmp_path: Path) -> None:
    rows = respond(tmp_path, lesions("a,baseline,0,L1,30 a,1,56,L1,30 a,1,56,N1,12,yes"), "--lesions")
    assert rows[1]["criterion"].endswith("the new lesion that is reported is not followed: node, watched")
    assert rows[2]["reason"] == "new_lesion is not followed: the new lesions described prove no progression"
