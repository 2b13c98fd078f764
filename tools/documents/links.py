"""The links of a Markdown page, and the anchors that links can lead to; what stands in code is neither."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Link:
    """Where a link stands, and where it leads."""

    line: int
    """Counted from 1."""
    path: str
    """Relative to the page; empty for a place on the page itself."""
    anchor: str

    @property
    def is_to_file(self) -> bool:
        """Whether it names a file of the repository: not the page itself, and nothing outside."""
        return bool(self.path) and ":" not in self.path.partition("/")[0]


def read_links(text: str) -> list[Link]:
    """Read every link and image of a page, in order."""
    return [Link(number, *_split(match[1])) for number, _, prose in _lines(text) for match in LINK.finditer(prose)]


def rewrite_links(text: str, change: Callable[[str], str]) -> str:
    """Write a page with the path of every link changed; external links and anchors stay as they are."""
    lines = []
    for number, line, prose in _lines(text):
        parts, after = [], 0
        for match in LINK.finditer(prose):
            link = Link(number, *_split(match[1]))
            if link.is_to_file:
                parts += [line[after : match.start(1)], change(link.path)]
                after = match.start(1) + len(link.path)
        lines.append("".join([*parts, line[after:]]))
    return "".join(lines)


def read_anchors(text: str) -> list[str]:
    """Read the anchors of a page: those of its headings, as GitHub and the site make them, and those that it writes itself."""
    anchors = []
    for _, line, prose in _lines(text):
        if prose and (heading := re.match(r"#{1,6} +(.*?)\s*$", line)):
            anchors.append(_slug(heading[1]))
        anchors += re.findall(r'<a id="([^"]+)">', prose)
    return anchors


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Give each line with its number, and the line again with blanks for what is code."""
    fence = ""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        mark = FENCE.match(line)
        if fence:
            is_end = mark is not None and mark[1].startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if is_end else fence
            yield number, line, ""
        elif mark:
            fence = mark[1]
            yield number, line, ""
        else:
            yield number, line, CODE.sub(lambda code: " " * len(code[0]), line)


def _split(target: str) -> tuple[str, str]:
    path, _, anchor = target.partition("#")
    return path, anchor


def _slug(heading: str) -> str:
    """Make a heading's anchor: small letters, digits and hyphens, a hyphen for each blank."""
    words = re.sub(r"<[^>]*>|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")
