"""The command `hcc survive`: survival and time to progression for a file, without a warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import AsJson, LineBreaksIn, Output, RuleOption, read_settings
from etl.commands.own_file import check_not_overwritten, named_options, show_file_answer


def survive(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header; see above for its columns.", metavar="FILE")],
    *,
    output: Output = None,
    option: RuleOption = None,
    line_breaks_in: LineBreaksIn = None,
    as_json: AsJson = False,
) -> None:
    """Derive times to events for the rows of a file, by the same rules as the warehouse's.

    FILE has one row per patient: patient_id, index_date, and last_contact_on or died_on or both; optional: vital_status
    (alive, dead), progressed_on, last_scan_on (the last scan that could be evaluated, before progression and before new
    therapy), new_therapy_on. Dates are like 2010-03-05; died_on may be known to the month (2010-03) or the year (2010).

    Added: os_days, os_months, os_event, survival_group; ttp_days, ttp_months, ttp_event (time to progression); pfs_days,
    pfs_months, pfs_event (progression-free survival); reason. An event is true where it was seen, false where the time
    was censored. Days are plain differences. Nothing is cut off unless --option data_cut_off names a day.

    A row that cannot be read, or whose dates contradict one another, gets no times, and a reason instead.

    Example:
    hcc survive patients.csv
    hcc survive patients.csv -o times.csv
    hcc survive patients.csv --option data_cut_off=2024-12-31 --option long_term_months=36 --json
    """
    from etl.own_files.scratch import bounded
    from etl.own_files.survival.survive import find_survival, survival_options

    check_not_overwritten(file, output)
    options = named_options(option, survival_options(), example="data_cut_off=2024-12-31")
    settings = read_settings()
    with bounded(memory_limit=settings.memory_limit, threads=settings.threads, output=output) as engine:
        answer = find_survival(file, options=options, engine=engine, line_breaks_in=line_breaks_in or ())
        show_file_answer(answer.columns, answer.rows, answer.not_read_count, file=file, output=output, as_json=as_json)
