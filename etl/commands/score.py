"""The command `hcc score`: Child-Pugh, ALBI, ECOG and BCLC for a file, without a warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import AsJson, LineBreaksIn, Output, RuleOption, read_settings
from etl.commands.own_file import check_not_overwritten, named_options, show_file_answer


def score(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header; see above for its columns.", metavar="FILE")],
    *,
    output: Output = None,
    option: RuleOption = None,
    line_breaks_in: LineBreaksIn = None,
    as_json: AsJson = False,
) -> None:
    """Derive Child-Pugh, ALBI, ECOG and BCLC for the rows of a file, by the same rules as the warehouse's.

    FILE has one row per patient: patient_id, and of these what there is; cells may be empty. bilirubin, bilirubin_unit,
    albumin, albumin_unit, inr; ascites (none, slight, moderate), encephalopathy (none, grade_1_2, grade_3_4, or a
    grade of 0 to 4); ecog, karnofsky; nodule_count (a number, >=4, multiple), largest_diameter_mm, portal_vein_invasion
    (vp0 to vp4), hepatic_vein_invasion, extrahepatic_spread (yes, no); reported_child_pugh (A, B, C), which goes before
    the derived class in BCLC.

    Added: child_pugh_points, child_pugh_class, albi_score, albi_grade, malbi_grade, ecog_status, bclc_stage,
    bclc_criterion, reason. A laboratory value known as a bound only (<0.2) has the points that its bound settles. What is
    not known, cannot be read, or is no value that a patient can have leaves the score empty, and the reason says so; so
    does a column of INRs whose middle is that of prothrombin times in seconds.

    Example:
    hcc score patients.csv
    hcc score patients.csv -o scored.csv
    hcc score patients.csv --option bclc_single_above_5_cm=B --json
    """
    from etl.own_files.score.score import score_options, score_patients
    from etl.own_files.scratch import bounded

    check_not_overwritten(file, output)
    options = named_options(option, score_options(), example="bclc_single_above_5_cm=B")
    settings = read_settings()
    with bounded(memory_limit=settings.memory_limit, threads=settings.threads, output=output) as engine:
        answer = score_patients(file, options=options, engine=engine, line_breaks_in=line_breaks_in or ())
        show_file_answer(answer.columns, answer.rows, answer.not_read_count, file=file, output=output, as_json=as_json)
