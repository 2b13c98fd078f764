"""The command `hcc freeze`: freeze a study's data, and check frozen data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, read_settings
from etl.commands.show import out, plain, show_json
from etl.study import MAIN_STUDY

if TYPE_CHECKING:
    from etl.settings import Settings


def freeze(
    name: Annotated[str, typer.Argument(help="Name of the frozen data set: a to z, 0 to 9, - and _.", metavar="NAME")],
    *,
    study: Annotated[
        str, typer.Option("--study", metavar="STUDY", help="The study, as its file under studies/ is called.")
    ] = MAIN_STUDY,
    is_check: Annotated[
        bool, typer.Option("--check", help="Freeze nothing: report whether anything was touched.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Freeze the data that a study's results rest on into data/frozen/NAME, readable by its owner alone.

    The folder holds the tables as Parquet, the study file, a codebook, the study options, the loads with the hashes of
    their files, versions, every number of the study, and the SHA-256 of every file. An existing NAME is never
    overwritten. 'make study FROM=NAME' repeats every table and figure from it.

    The seal that is printed stands for every byte. Write it into the study's records: somebody who changes a file and
    its hash alike cannot change the seal there.

    --check names every file that was changed, removed or added, and ends with exit code 5 when there is one.

    Example:
    hcc freeze submission-1
    hcc freeze --check submission-1
    hcc freeze submission-2 --study sorafenib --json
    """
    from etl.study.freeze.folder import frozen_folder

    settings = read_settings()
    folder = frozen_folder(settings.frozen_dir, name)
    if is_check:
        _check(folder, as_json=as_json)
    else:
        _freeze(folder, study, settings=settings, as_json=as_json)


def _freeze(folder: Path, study: str, *, settings: "Settings", as_json: bool) -> None:
    from etl.study.definition.read_study import read_study
    from etl.study.freeze.manifest import read_seal
    from etl.study.freeze.write import freeze as freeze_study

    definition = read_study(settings.studies_dir, study)
    with asking(settings) as con:
        freeze_study(con, definition, folder=folder)
    if as_json:
        show_json({"folder": str(folder), "study": study, "seal": read_seal(folder)})
    else:
        out().print(plain(f"{folder}: frozen. Seal: {read_seal(folder)}"), soft_wrap=True)


def _check(folder: Path, *, as_json: bool) -> None:
    from etl.study.freeze.manifest import check_frozen, read_seal
    from warehouse.errors import RefusedError

    touched = check_frozen(folder)
    seal = None if touched else read_seal(folder)
    if as_json:
        show_json({"folder": str(folder), "seal": seal, "touched": touched})
    else:
        lines = touched or [f"{folder}: untouched. Seal: {seal}"]
        for line in lines:
            out().print(plain(line), soft_wrap=True)
    if touched:
        raise RefusedError(f"{folder} was touched since it was frozen; files: {len(touched)}.")
