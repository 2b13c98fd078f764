"""The XML parts of a workbook: elements of small parts, addresses of cells, names without their prefix."""

import re
from xml.parsers import expat


def read_elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """List the elements of a small part: local names, with attributes by local name."""
    elements: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: elements.append(
        (local_name(tag), {local_name(name): value for name, value in attributes.items()})
    )
    parser.Parse(part, True)
    return elements


def column_number(letters: str) -> int:
    """Count a column's letters, in whatever case: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


_ADDRESS = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")


def place_of(address: str | None) -> tuple[int, int] | None:
    """Return row and column, from 1, of an address such as B12 or b12; None for what is no address."""
    found = _ADDRESS.fullmatch(address or "")
    if not found:
        return None
    return int(found[2]), column_number(found[1])


def local_name(tag: str) -> str:
    """Leave out the prefix of a tag or an attribute."""
    return tag.rpartition(":")[2]
