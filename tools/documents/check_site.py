"""Check a built site, `python -m tools.documents.check_site site`: every link has its file and its place, nothing is fetched."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""What a browser fetches without being asked, by the attribute that says from where."""


class Page(HTMLParser):
    """The anchors of a page, and what it links to and fetches."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is, leads to and fetches."""
        given = {name: value for name, value in attrs if value is not None}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if FETCHED.get(tag, "") in given:
            self.fetched.append(given[FETCHED[tag]])


def check_site(site: Path) -> list[str]:
    """Name every link that leads nowhere and everything that is fetched from elsewhere, a sentence each."""
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    if not pages:
        return [f"{site}: no page is there. Run 'make site'."]
    wrong = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        wrong += [f"{name}: fetches {address}." for address in page.fetched if _is_elsewhere(address)]
        for address in [*page.links, *page.fetched]:
            if not _is_elsewhere(address) and (fault := _fault(address, path, pages)):
                wrong.append(f"{name}: '{address}' {fault}.")
    return wrong


def _is_elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc)


def _fault(address: str, path: Path, pages: dict[Path, Page]) -> str:
    parts = urlsplit(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir() or parts.path.startswith("/"):
        return "needs a server"
    if not target.is_file():
        return "leads to no file"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return "leads to no such place on the page"
    return ""


if __name__ == "__main__":
    found = check_site(Path(sys.argv[1]))
    sys.exit("\n".join(found) if found else 0)
