"""The arguments that several commands share, and the settings as a command reads them."""

from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.errors import EnvironmentRefusal

if TYPE_CHECKING:
    from etl.settings import Settings

Site = Annotated[
    str, typer.Argument(help="The hospital, as its folder under site_mappings/ is called.", metavar="SITE")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON: dates in ISO 8601, decimals as numbers with all digits.")
]


def read_settings() -> "Settings":
    """Read the settings from hcc.toml and the environment.

    Raises:
        EnvironmentRefusal: a setting cannot be read as what it should be.
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
