"""Findings as sentences: where, what was found, what was expected, what it costs, what to do."""

import re
from dataclasses import dataclass

from etl.findings import RULES, Rule

COST = {
    "cell": ("The cell is set aside.", "These cells are set aside."),
    "row": ("The row is quarantined.", "These rows are quarantined."),
    "none": ("", ""),
}


UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that steer a terminal or the direction of writing instead of showing something."""

LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Address:
    """Where in a delivery something was found; everything but the file may be unknown."""

    file: str | None
    sheet: str | None = None
    record: int | None = None
    line: int | None = None
    column: str | None = None


def write_address(address: Address) -> str:
    """Write an address, e.g. `환자기본.csv record 212, column '성별'`."""
    parts = [show_text(address.file or "the delivery")]
    if address.sheet:
        parts.append(f", sheet '{show_text(address.sheet)}'")
    if address.record is not None:
        parts.append(f" record {address.record:,}" if not address.sheet else f", record {address.record:,}")
        if address.line is not None and address.line != address.record + 1:
            parts.append(f" (line {address.line:,})")
    if address.column:
        parts.append(f", column '{show_text(address.column)}'")
    return "".join(parts)


def write_sentence(
    rule: str, *, address: Address, found: str | None, expected: str | None, cost: str | None, count: int = 1
) -> str:
    """Write one finding, or a group of `count` of which the address and the values given are the first.

    Args:
        rule: the rule's name in etl.findings; an unknown name is shown as it is.
        address: where the first one is.
        found: what was found, as stored.
        expected: what was expected, as stored.
        cost: cell, row or none.
        count: how many findings the group has.
    """
    known = RULES.get(rule)
    says = write_claim(rule, found=found, expected=expected)
    paid = COST.get(cost or "none", ("", ""))[count > 1]
    advice = known.advice if known else ""
    head = f"{write_address(address)}: {says}"
    if count > 1:
        head += f"; {count - 1:,} more {'like it' if count > 2 else 'is like it'}"  # noqa: PLR2004
    return " ".join(part for part in (head + ".", paid, advice) if part)


def write_claim(rule: str, *, found: str | None, expected: str | None) -> str:
    """Write what a finding says, without its address: `'X' is not listed (남, 여)`."""
    known: Rule | None = RULES.get(rule)
    if known is None:
        return rule.replace("_", " ")
    shown = "nothing" if found is None else f"'{show_text(found)}'" if known.shows == "cell" else show_text(found)
    return known.says.format(found=shown, expected="what was expected" if expected is None else show_text(expected))


def show_text(text: str) -> str:
    """Make a hospital's text safe to show in a line: what cannot be seen is named, what is endless is cut."""
    return name_unseen(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …")


def name_unseen(text: str) -> str:
    """Name the characters that cannot be seen, and cut nothing: for sentences of our own, whose end says what to do."""
    return UNSEEN.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)
