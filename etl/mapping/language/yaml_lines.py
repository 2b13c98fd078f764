"""Parse YAML into plain data, with the line of every part.

Only a plain subset of YAML is accepted: maps, lists, scalars. Anchors, aliases, tags, merge keys and second documents are
refused, because a mapping is read by people, and because they are the ways to make a small file huge.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]

DEEPEST = 12
LONGEST_INTEGER = 18
"""Longer numbers are neither a measurement nor a code, and do not fit the 64 bits of the database."""
_INDENTED_BY_TAB = re.compile(r"^ *\t")
_SCALARS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "null": (r"|~|null|Null|NULL", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", lambda text: text.casefold() == "true"),
    "int": (r"[-+]?[0-9]+", int),
    "float": (r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", float),
}
"""What is not text: its form in YAML 1.2, where `no` and `off` are words; and what it means."""


@dataclass(frozen=True)
class Flaw:
    """Something wrong at a line."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Lines:
    """The line on which each part of a YAML file stands."""

    _by_path: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Find the line of a part; of the nearest part around it when the path leads further than the file."""
        found: Path = ()
        for step in path:
            if (*found, step) in self._by_path:
                found = (*found, step)
        return self._by_path.get(found, 1)


@dataclass(frozen=True)
class Document:
    """A YAML file: its data, the line of every part, and what is wrong with it."""

    data: Any
    lines: Lines
    flaws: tuple[Flaw, ...]


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The parser in C, ten times as fast as the one in Python, which replaces it where the other was not built."""


for _kind, (_form, _) in _SCALARS.items():
    _Loader.add_implicit_resolver(_kind, re.compile(rf"(?:{_form})\Z"), None)


def read_yaml(text: str) -> Document:
    """Read YAML text; what cannot be read is reported in `flaws` and left out of `data`. Text is normalised to Unicode NFC."""
    text = unicodedata.normalize("NFC", text)
    tabs = [
        Flaw(number, "the line is indented by a tab; YAML takes spaces only.")
        for number, line in enumerate(text.splitlines(), start=1)
        if _INDENTED_BY_TAB.match(line)
    ]
    if tabs:
        return Document(None, Lines(), tuple(tabs))
    try:
        root, flaws = _compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Document(None, Lines(), (Flaw(line, f"this is not valid YAML: {error.problem}."),))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return Document(None, Lines(), (Flaw(1, f"this is not valid YAML: {type(error).__name__}."),))
    lines: dict[Path, int] = {}
    data = _plain(root, (), lines, flaws) if root is not None else None
    return Document(data, Lines(lines), tuple(flaws))


def _compose(text: str) -> tuple[Node | None, list[Flaw]]:
    flaws = []
    documents = depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        documents += isinstance(event, DocumentStartEvent)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            flaws.append(Flaw(line, "anchors and aliases (& and *) are not part of this language."))
        tag = getattr(event, "tag", None)
        if tag and str(tag) != "!":
            flaws.append(Flaw(line, "tags (!) are not part of this language."))
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            flaws.append(Flaw(line, f"maps and lists are nested more than {DEEPEST} deep."))
            break
        if documents > 1:
            flaws.append(Flaw(line, "the file holds a second document; write one."))
            break
    return (None if flaws else yaml.compose(text, Loader=_Loader)), flaws


def _plain(node: Node, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        return _plain_map(node, path, lines, flaws)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), lines, flaws) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    if node.tag == "int" and len(node.value) > LONGEST_INTEGER:
        flaws.append(Flaw(node.start_mark.line + 1, f"a whole number has at most {LONGEST_INTEGER} signs."))
        return 0
    _, meaning = _SCALARS.get(node.tag, ("", str))
    return meaning(node.value)


def _plain_map(node: MappingNode, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> dict[str, Any]:
    """Read a map; keys are taken as they are written, so that the code 01 stays 01."""
    result: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            flaws.append(Flaw(line, "a key must be a plain name."))
            continue
        if key.value in result:
            first = lines[(*path, key.value)]
            flaws.append(Flaw(line, f"'{key.value}' is stated twice (first on line {first})."))
            continue
        lines[(*path, key.value)] = line
        result[key.value] = _plain(value, (*path, key.value), lines, flaws)
    return result
