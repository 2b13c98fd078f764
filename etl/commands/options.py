"""Command-line arguments that several commands share, and the settings as a command reads them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.errors import EnvironmentRefusal, NotFoundError

if TYPE_CHECKING:
    from etl.settings import Settings


def check_output(path: Path | None) -> Path | None:
    """Refuse a file of no known format before the query runs."""
    if path is None:
        return None
    from etl.own_files.answer_file import check_answer_file

    try:
        check_answer_file(path)
    except NotFoundError as error:
        raise typer.BadParameter(str(error)) from error
    return path


Site = Annotated[
    str, typer.Argument(help="The hospital, as its folder under site_mappings/ is called.", metavar="SITE")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON: dates in ISO 8601, decimals as numbers with all digits.")
]

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write every row of the answer into this file: .csv, .parquet or .xlsx, by its suffix.",
        metavar="FILE",
        callback=check_output,
    ),
]

LineBreaksIn = Annotated[
    list[str] | None,
    typer.Option(
        "--line-breaks-in",
        help="A column whose cells may hold several lines that look like rows; may be given several times.",
        metavar="COLUMN",
    ),
]


RuleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        help="Another value of a study option that changes the answer; may be given several times. `hcc option list` "
        "names them.",
        metavar="NAME=VALUE",
        show_default=False,
    ),
]


def read_settings() -> "Settings":
    """Read the settings from hcc.toml and the environment.

    Raises:
        EnvironmentRefusal: a setting has a wrong type or value.
    """
    import tomllib

    from pydantic import ValidationError

    from etl.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        complaints = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()
        )
        raise EnvironmentRefusal(
            f"The settings (hcc.toml, or HCC_... in the environment) do not fit: {complaints}."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise EnvironmentRefusal(f"hcc.toml is not valid TOML: {error}.") from error
