"""The site: it has every page, nothing on it leads nowhere or is fetched, and a fault in a built site is named."""

import re
from pathlib import Path

import pytest
from support.built_site import built_site

from tools.documents.check_site import check_site
from tools.documents.site_hooks import PAGES_OF_THE_ROOT, ROOT, origin_of, place_of

CONFIG = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"([\w/]+\.md)$", CONFIG.partition("\nnav:\n")[2], flags=re.MULTILINE)
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    pages = [page for page in pages if not page.startswith("explanation/decisions/0")]
    assert sorted(listed) == sorted([*pages, *PAGES_OF_THE_ROOT.values()])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("docs/reference/mapping.md", "reference/mapping.md"),
        ("GLOSSARY.md", "reference/glossary.md"),
        ("docs/explanation/decisions", "explanation/decisions/index.md"),
        ("studies/sorafenib.yaml", "files/studies/sorafenib.yaml.txt"),
        ("LICENSE", "files/LICENSE.txt"),
    ],
)
def test_a_file_of_the_repository_has_its_place_on_the_site(path: str, place: str) -> None:
    assert place_of(path) == place
    if place.endswith(".md") and (ROOT / path).is_file():
        assert origin_of(place) == path


def test_the_site_fetches_nothing_by_its_settings() -> None:
    assert "use_directory_urls: false" in CONFIG
    assert "font: false" in CONFIG
    assert "https://" not in CONFIG
    assert (ROOT / "docs" / "assets" / "iframe-worker.js").is_file()


def test_faults_of_a_built_site_are_named(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text('<h1 id="here">B</h1><a href="a.html">A</a>', encoding="utf-8")
    (tmp_path / "a.html").write_text(
        '<script src="https://example.org/x.js"></script><link href="style.css"><img src="b.html">'
        '<a href="b.html#here"></a><a href="b.html#gone"></a><a href="."></a><a href="/b.html"></a>'
        '<a href="https://example.org"></a><a href="#self"></a>',
        encoding="utf-8",
    )
    assert check_site(tmp_path) == [
        "a.html: fetches https://example.org/x.js.",
        "a.html: 'b.html#gone' leads to no such place on the page.",
        "a.html: '.' needs a server.",
        "a.html: '/b.html' needs a server.",
        "a.html: '#self' leads to no such place on the page.",
        "a.html: 'style.css' leads to no file.",
    ]
    assert check_site(tmp_path / "none") == [f"{tmp_path / 'none'}: no page is there. Run 'make site'."]


@pytest.mark.slow
def test_the_built_site_has_no_fault() -> None:
    assert check_site(built_site()) == []
    assert len(list(built_site().rglob("*.html"))) > 40
