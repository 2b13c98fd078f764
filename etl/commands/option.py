"""The command `hcc option`: set a study option, unset it, list them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, Output, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import print_on_stderr, show_answer, show_json


class Action(StrEnum):
    """What is to be done."""

    list_ = "list"
    set_ = "set"
    unset = "unset"


COLUMNS = ("name", "value", "unit", "default", "chosen_by", "chosen_at", "description")


def option(
    action: Annotated[Action, typer.Argument(help="list, set or unset.")],
    name: Annotated[str | None, typer.Argument(help="The option, e.g. long_term_months.")] = None,
    value: Annotated[str | None, typer.Argument(help="Its value; several numbers or codes in quotes.")] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Choose a study option, take the choice back, or list them: list, set NAME VALUE, unset NAME.

    The value is checked, recorded with your user name and the time, and everything that follows from it is derived. The
    choice wins over the default in schemas/reference/study_option.csv; every report prints both.

    Example:
    hcc option list
    hcc option set long_term_months 36
    hcc option unset long_term_months
    """
    if action is Action.list_:
        _list(output=output, as_json=as_json)
        return
    if output is not None:
        raise typer.BadParameter("it goes with list", param_hint="--output")
    if name is None:
        raise typer.BadParameter("Name the option; 'hcc option list' lists them.", param_hint="NAME")
    if (value is None) == (action is Action.set_):
        raise typer.BadParameter(
            "Say the value." if value is None else "unset takes no value: the default counts again.", param_hint="VALUE"
        )
    from etl.derive import set_option

    settings = read_settings()
    with ProgressBar() as progress:
        done = set_option(name, value, settings=settings, progress=progress)
    if as_json:
        show_json({"name": name, "value": value, "reports": [str(path) for path in done.reports]})
        return
    said = f"{name} is {value}" if value is not None else f"{name} has its default again"
    print_on_stderr(f"{said}. Views and reports follow it; compute studies again with 'hcc study'.")


def _list(*, output: Path | None, as_json: bool) -> None:
    from warehouse.reading.query import ask

    with asking(read_settings()) as con:
        answer = ask(
            con,
            "SELECT name, value, unit, default_value, chosen_by, date_trunc('second', chosen_at), description "
            "FROM reference.study_option ORDER BY name",
        )
    show_answer(COLUMNS, answer.rows, output=output, as_json=as_json)
