"""Findings as sentences: where, what was found, what was expected, what it costs; and what to do, for each of two readers."""

import re
from dataclasses import dataclass

from etl.findings import RULES, Rule, Shows

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that steer a terminal or the direction of writing instead of showing something."""

LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Address:
    """Where in a delivery something was found; everything but the file may be unknown.

    `line` is the line of a text on which the record begins, or its row in a sheet; `cell` is what Excel shows, as in `CQ9`.
    """

    file: str | None
    sheet: str | None = None
    record: int | None = None
    line: int | None = None
    column: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Paid:
    """What findings cost: canonical rows that are quarantined, canonical cells that are set aside, and in which tables."""

    rows: int = 0
    cells: int = 0
    tables: tuple[str, ...] = ()


NOTHING_PAID = Paid()


def write_address(address: Address) -> str:
    """Write an address, e.g. `환자기본.csv record 212 (line 213), column '성별'`, or with `cell CQ9` in a workbook."""
    parts = [show_text(address.file or "the delivery")]
    if address.sheet:
        parts.append(f", sheet '{show_text(address.sheet)}'")
    if address.record is not None:
        parts.append(f" record {address.record:,}" if not address.sheet else f", record {address.record:,}")
        # Formats without lines count a record as its line; below a header no record is on the line of its number.
        if address.line is not None and address.line > address.record and not address.cell:
            parts.append(f" ({'row' if address.sheet else 'line'} {address.line:,})")
    if address.cell:
        parts.append(f", cell{'s' if ', ' in address.cell else ''} {show_text(address.cell)}")
    if address.column:
        parts.append(f", column '{show_text(address.column)}'")
    return "".join(parts)


def write_sentence(
    rule: str,
    *,
    address: Address,
    found: str | None,
    expected: str | None,
    paid: Paid = NOTHING_PAID,
    count: int = 1,
    found_count: int = 1,
) -> str:
    """Write what one finding says, or a group of `count` of which the address and the values given are the first.

    What to do about it stands apart, for each of two readers: `for_hospital` and `for_data_manager` of its rule.

    Args:
        rule: the rule's name in etl.findings; an unknown name is shown as it is.
        address: where the first one is.
        found: what was found, as stored.
        expected: what was expected, as stored.
        paid: what all of them cost.
        count: how many findings the group has.
        found_count: how many different things were found in the first one's cell.
    """
    claim = write_claim(rule, found=found, expected=expected)
    return join_sentence(claim, address=address, paid=paid, count=count, found_count=found_count)


def join_sentence(
    claim: str, *, address: Address, paid: Paid = NOTHING_PAID, count: int = 1, found_count: int = 1
) -> str:
    """Join address, claim and cost to what one finding, or a group of `count`, says."""
    head = f"{write_address(address)}: {claim}"
    if found_count > 1:
        head += f", and {found_count - 1:,} more in the same cell"
    if count > 1:
        head += f"; {count - 1:,} more {'like it' if count > 2 else 'is like it'}"  # noqa: PLR2004
    return " ".join(part for part in (head + ".", write_paid(paid)) if part)


def write_paid(paid: Paid) -> str:
    """Write what findings cost as a sentence; empty when nothing."""
    if paid.rows + paid.cells == 1:
        return "The row is quarantined." if paid.rows else "The cell is set aside."
    rows = f"{paid.rows:,} row{' is' if paid.rows == 1 else 's are'} quarantined" if paid.rows else ""
    cells = f"{paid.cells:,} cell{' is' if paid.cells == 1 else 's are'} set aside" if paid.cells else ""
    said = " and ".join(part for part in (rows, cells) if part)
    within = f" in {', '.join(paid.tables)}" if said and len(paid.tables) > 1 else ""
    return f"{said}{within}." if said else ""


def write_advice(rule: str) -> str:
    """Write what to do about a finding for both audiences, each named; empty for an unknown rule."""
    known = RULES.get(rule)
    if known is None:
        return ""
    readers = (("For the hospital", known.for_hospital), ("For the data manager", known.for_data_manager))
    return " ".join(f"{reader}: {advice}" for reader, advice in readers if advice)


def write_claim(rule: str, *, found: str | None, expected: str | None) -> str:
    """Write what a finding says, without its address: `'X' is not listed (남, 여)`."""
    known: Rule | None = RULES.get(rule)
    if known is None:
        return rule.replace("_", " ")
    return complete(known.says, shows=known.shows, found=found, expected=expected)


def complete(says: str, *, shows: Shows, found: str | None, expected: str | None) -> str:
    """Put what was found and expected into a rule's sentence."""
    shown = "nothing" if found is None else f"'{show_text(found)}'" if shows == "cell" else show_text(found)
    awaited = "what was expected" if expected is None else show_text(_with_dates(expected))
    return says.format(found=shown, expected=awaited)


def _with_dates(expected: str) -> str:
    """Write a date in each format that is named, for those who do not know the signs: `2010-03-05 (%Y-%m-%d)`."""
    return ", ".join(
        f"{_DATE_SIGNS.sub(lambda sign: _A_DATE[sign[1]], part)} ({part})" if "%Y" in part else part
        for part in expected.split(", ")
    )


_A_DATE = {
    "Y": "2010", "m": "03", "-m": "3", "d": "05", "-d": "5", "b": "Mar", "B": "March", "H": "14", "I": "02", "M": "30",
    "S": "00", "f": "0", "p": "PM", "%": "%",
}  # fmt: skip
_DATE_SIGNS = re.compile(f"%({'|'.join(_A_DATE)})")


def show_text(text: str) -> str:
    """Make a hospital's text safe to show in a line: what cannot be seen is named, what is endless is cut."""
    return name_unseen(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …")


def name_unseen(text: str) -> str:
    """Name the characters that cannot be seen, and cut nothing: for sentences of our own, whose end says what to do."""
    return UNSEEN.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)
