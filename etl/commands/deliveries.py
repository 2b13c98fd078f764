"""Commands about one hospital's deliveries: ingest, report, findings, questions, quarantine, synthesize."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, Output, Site, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, show_answer, show_json, tell
from warehouse.errors import HccError


def ingest(
    site: Site,
    delivery: Annotated[str | None, typer.Option(help="The delivery's folder; the newest when not named.")] = None,
    is_accepted: Annotated[
        bool,
        typer.Option("--accept", help="Publish although much was quarantined or set aside, or the delivery shrank."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a hospital's delivery into the warehouse, publish it and write its report.

    A hospital that has sent nothing gets a synthetic delivery first, as long as the warehouse holds no real one. A
    delivery that is in already, unchanged, is not brought in again; one that was rolled back only when it is named.

    Example:
    hcc ingest snuh
    hcc ingest snuh --delivery 2026-11 --accept
    """
    from etl.commands.summary import outcome_as_dict, show_outcome, show_synthetic
    from etl.mapping.read_mapping import read_mapping
    from etl.pipeline import ingest as run_ingest
    from etl.pipeline import record_apart
    from etl.synthetic.first_delivery import make_first_delivery

    settings = read_settings()
    with ProgressBar() as progress:
        try:  # an unknown hospital or a faulty mapping is reported before anything is made
            read_mapping(settings.mappings_dir, site)
        except HccError as error:
            record_apart(site, error, delivery=delivery, settings=settings, progress=progress)
            raise
        made = make_first_delivery(site, settings, progress=progress) if delivery is None else None
        if made is not None:
            show_synthetic(made)
        outcome = run_ingest(site, delivery=delivery, accept=is_accepted, settings=settings, progress=progress)
    if as_json:
        show_json(outcome_as_dict(outcome, settings))
    else:
        show_outcome(outcome, settings)


def report(
    site: Annotated[
        str | None, typer.Argument(help="The hospital, as its folder under site_mappings/ is called.", metavar="SITE")
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every hospital's report, and the page of all of them.")
    ] = False,
    with_cells: Annotated[
        bool, typer.Option("--cells", help="The cells of refused records in the JSON next to the page: patients' own.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of a hospital's newest load again, a refused one too; or of every hospital's.

    Example:
    hcc report snuh
    hcc report --all
    """
    from etl.report.all_hospitals.write import write_index
    from etl.report.load.lists import find_load, reported_sites
    from etl.report.load.write import write_report

    if (site is None) == (not is_all):
        raise typer.BadParameter("Name one hospital, or say --all.", param_hint="SITE")
    settings = read_settings()
    with ProgressBar() as progress, asking(settings) as con:
        progress.begin("Writing the report")
        paths = [
            write_report(
                con, each, load_id=find_load(con, each), reports_dir=settings.reports_dir, with_cells=with_cells
            )
            for each in ([site] if site is not None else reported_sites(con))
        ]
        index = write_index(con, reports_dir=settings.reports_dir)
    paths += [index] if is_all else []
    if as_json:
        show_json({"reports": [str(path) for path in paths]} if is_all else {"report": str(paths[0])})
    else:
        for path in paths:
            out().print(str(path), soft_wrap=True)


def findings(
    site: Site,
    rule: Annotated[str | None, typer.Option(help="Only findings of this rule, e.g. unlisted_code.")] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List what a hospital should look at in its newest load, each with its address.

    Example:
    hcc findings snuh
    hcc findings snuh --rule unlisted_code --json
    """
    from etl.report.load.lists import list_findings

    with asking(read_settings()) as con:
        found = list_findings(con, site, rule=rule)
    if output is not None:
        columns = tuple(found[0]) if found else ("severity", "sentence")
        show_answer(columns, [tuple(each.values()) for each in found], output=output, as_json=as_json)
        return
    if as_json:
        show_json(found)
        return
    rows = [(each["severity"], each["sentence"]) for each in found]
    show_answer(("severity", "finding"), rows, output=None, as_json=False)
    tell(f"{len(found):,} findings.")


def questions(
    site: Site,
    question: Annotated[
        str | None, typer.Option(help="Only questions of this kind, e.g. physician_against_lesions.")
    ] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List the clinical questions to a hospital about its current load: reported and derived do not agree.

    Example:
    hcc questions snuh
    hcc questions snuh --question physician_against_lesions --json
    """
    from etl.report.load.clinical import list_clinical
    from etl.report.load.lists import find_load

    with asking(read_settings()) as con:
        find_load(con, site)
        asked = list_clinical(con, site, question=question)
    if as_json and output is None:
        show_json(asked)
        return
    columns = ("question", "file", "sheet", "record", "patient_id", "noted_on", "reported", "derived")
    rows = [[row[name] for name in columns] for row in asked]
    show_answer(columns, rows, output=output, as_json=as_json)
    tell(f"{len(asked):,} questions.")


def quarantine(
    site: Site,
    table: Annotated[str | None, typer.Option(help="Only rows of this canonical table, e.g. lab_result.")] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List the rows of a hospital's newest load that were quarantined, with address and rules.

    With --json also the cells of the source record, as they were landed.

    Example:
    hcc quarantine snuh
    hcc quarantine snuh --table lab_result --json
    """
    from etl.report.load.lists import list_quarantined

    with asking(read_settings()) as con:
        refused = list_quarantined(con, site, table=table, with_cells=as_json)
    if as_json and output is None:
        show_json(refused)
        return
    columns = ("file", "sheet", "record", "line", "table", "rules")
    rows = [[*(row[column] for column in columns[:-1]), ", ".join(row["rules"])] for row in refused]
    show_answer(columns, rows, output=output, as_json=as_json)
    tell(f"{len(refused):,} rows were quarantined; --json shows their cells.")


def synthesize(  # noqa: PLR0917  # options, which a caller names
    sites: Annotated[
        list[str] | None, typer.Argument(help="Hospitals; all when none is named.", metavar="[SITE]...")
    ] = None,
    has_defects: Annotated[
        bool, typer.Option("--defects", help="Also write deliveries with planted defects and their answer key.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed makes the same patients.")] = 2021,
    scale: Annotated[float, typer.Option(help="How many times the study's patients.", min=0.01)] = 1.0,
    to: Annotated[
        Path | None, typer.Option(help="The folder that gets <site>/<delivery>/; data/raw when not named.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make synthetic deliveries; every patient in them is made up, and each is marked by a file SYNTHETIC.txt.

    Into data/raw only as long as the warehouse holds no real delivery.

    Example:
    hcc synthesize snuh
    hcc synthesize --scale 2 --to /tmp/large
    hcc synthesize snuh --defects --to /tmp/defects
    """
    from etl.synthetic.first_delivery import refuse_beside_real_data
    from etl.synthetic.synthesize import synthesize as make

    settings = read_settings()
    if to is None:
        refuse_beside_real_data(settings)
    with ProgressBar() as progress:
        made = make(
            to or settings.raw_dir, sites=sites or (), seed=seed, scale=scale, defects=has_defects, progress=progress
        )
    if as_json:
        show_json([{"delivery": str(path)} for path in made])
    else:
        for path in made:
            out().print(str(path), soft_wrap=True)
