"""Choose the sheet of a workbook that a source means."""

import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase

from etl.identity.scan import mask_identifiers
from etl.readers.workbook.package import Sheet
from warehouse.errors import DeliveryError


def choose_sheet(sheets: Sequence[Sheet], wanted: str | None, name: str) -> Sheet:
    """Find the one sheet that a source means, compared in NFC; without a name, the only visible one.

    Raises DeliveryError when none or several fit, when it is hidden, or when its own name holds an identifier.
    """
    visible = [sheet for sheet in sheets if sheet.is_visible and sheet.facts]
    fitting = visible if wanted is None else [sheet for sheet in sheets if sheet.facts and _fits(sheet.name, wanted)]
    if not fitting:
        raise DeliveryError(
            f"{name}: the workbook has no sheet '{wanted}'; its visible sheets are {_list_names(visible) or 'none'}. "
            f"Was it renamed? Correct 'sheet' in mapping.yaml, or ask for the workbook again."
            if wanted is not None
            else f"{name}: the workbook has no visible sheet. Ask for it again."
        )
    if len(fitting) > 1:
        many = f"'{wanted}' fits {len(fitting)} of its sheets" if wanted else f"it has {len(fitting)} visible sheets"
        raise DeliveryError(f"{name}: {many} ({_list_names(fitting)}). Name one under 'sheet' in mapping.yaml.")
    chosen = fitting[0]
    shown = shown_name(chosen.name)
    if not chosen.is_visible:
        raise DeliveryError(f"{name}: the sheet '{shown}' is hidden, and hidden sheets are not read. Show it in Excel.")
    if shown != unicodedata.normalize("NFC", chosen.name):
        raise DeliveryError(
            f"{name}: the name of a sheet holds an identifier ('{shown}'). Rename the sheet without it."
        )
    return Sheet(shown, chosen.is_visible, chosen.facts)


def shown_name(name: str) -> str:
    """A sheet's name in NFC as it may be shown: an identifier in it is masked."""
    return mask_identifiers(unicodedata.normalize("NFC", name))


def _list_names(sheets: Sequence[Sheet]) -> str:
    return ", ".join(f"'{shown_name(sheet.name)}'" for sheet in sheets)


def _fits(name: str, wanted: str) -> bool:
    name, wanted = unicodedata.normalize("NFC", name), unicodedata.normalize("NFC", wanted)
    return name == wanted or fnmatchcase(name, wanted)
