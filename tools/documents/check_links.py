"""Check the links of Markdown pages: every link has its file, and its heading or anchor there."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tools.documents.links import read_anchors, read_links


def markdown_pages(root: Path) -> list[Path]:
    """List the Markdown pages of a repository, except templates and what lies in hidden or built folders."""
    places = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "benchmarks").glob("*.md")]
    return sorted(places)


def broken_links(pages: Iterable[Path]) -> list[str]:
    """Name every link that leads nowhere, a sentence each: the page, the line, where it leads."""
    broken = []
    for page in pages:
        for link in read_links(page.read_text(encoding="utf-8")):
            target = page.parent / link.path if link.is_to_file else page
            if link.path and not link.is_to_file:
                continue
            if not target.exists():
                broken.append(f"{page}:{link.line}: there is no {link.path}.")
            elif link.anchor and target.suffix == ".md" and link.anchor not in _anchors(target.resolve()):
                broken.append(f"{page}:{link.line}: {link.path or 'this page'} has no heading #{link.anchor}.")
    return broken


@cache
def _anchors(page: Path) -> frozenset[str]:
    return frozenset(read_anchors(page.read_text(encoding="utf-8")))
