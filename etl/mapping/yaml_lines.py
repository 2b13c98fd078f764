"""YAML as plain data, with the line of every part.

Only the plain half of YAML is taken: maps, lists, scalars. Anchors, aliases, tags, merge keys and second documents are
refused, because a mapping is read by people, and because they are the ways to make a small file huge.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]

DEEPEST = 12
_INDENTED_BY_TAB = re.compile(r"^ *\t")
_TAGS = "tag:yaml.org,2002:"
_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "timestamp": str,
    "int": lambda text: (
        int(text.replace("_", ""), 0) if not text.lstrip("+-").startswith("0") else int(text.replace("_", ""))
    ),
    "float": float,
    "bool": lambda text: text.casefold() == "true",
    "null": lambda _: None,
}


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


def read_yaml(text: str) -> Document:
    """Read YAML text; what cannot be read is told in `flaws` and left out of `data`. Text is brought to Unicode NFC."""
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
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Document(None, Lines(), (Flaw(line, f"this is not valid YAML: {error.problem}."),))
    except (YAMLError, RecursionError, ValueError) as error:
        return Document(None, Lines(), (Flaw(1, f"this is not valid YAML: {type(error).__name__}."),))
    lines: dict[Path, int] = {}
    data = _plain(root, (), lines, flaws) if root is not None else None
    return Document(data, Lines(lines), tuple(flaws))


def _compose(text: str) -> tuple[Node | None, list[Flaw]]:
    flaws = []
    documents = depth = 0
    for event in YAML().parse(text):
        line = event.start_mark.line + 1
        documents += isinstance(event, DocumentStartEvent)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            flaws.append(Flaw(line, "anchors and aliases (& and *) are not part of the mapping language."))
        tag = getattr(event, "tag", None)
        if tag and str(tag) != "!":
            flaws.append(Flaw(line, "tags (!) are not part of the mapping language."))
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            flaws.append(Flaw(line, f"maps and lists are nested more than {DEEPEST} deep."))
            break
        if documents > 1:
            flaws.append(Flaw(line, "the file holds a second document; write one."))
            break
    return (None if flaws else YAML().compose(text)), flaws


def _plain(node: Node, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        return _plain_map(node, path, lines, flaws)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), lines, flaws) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _SCALARS.get(str(node.tag).removeprefix(_TAGS), str)(node.value)


def _plain_map(node: MappingNode, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> dict[str, Any]:
    """Keys are taken as they are written, so that the code 01 stays 01."""
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
