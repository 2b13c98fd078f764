"""The site in a real browser, from the file system and without a network: its search finds what pages say."""

import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from support.browser_look import CHROMIUM, FLAGS, NEEDS_BROWSER
from support.built_site import built_site

pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]


def found(word: str, folder: Path) -> list[str]:
    """Search for a word on the front page, and give the pages that are offered."""
    assert CHROMIUM is not None
    no_network = ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"]
    address = f"{(built_site() / 'index.html').as_uri()}?q={quote(word)}"
    command = [CHROMIUM, *FLAGS, *no_network, "--virtual-time-budget=20000", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return re.findall(r'<a href="([^"?#]+)[^"]*" class="md-search-result__link"', done.stdout)


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("albumin", "reference/rules/scores.html"),
        ("landmark", "reference/study.html"),
        ("가명", "reference/glossary.html"),
    ],
)
def test_the_search_works_from_the_file_system(word: str, page: str, tmp_path: Path) -> None:
    assert any(address.endswith(page) for address in found(word, tmp_path))


def test_what_no_page_says_is_not_found(tmp_path: Path) -> None:
    assert found("xylophone", tmp_path) == []
