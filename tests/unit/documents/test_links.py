"""The links of every page lead somewhere; so do the commands, files and queries that pages name."""

import re
from pathlib import Path

import duckdb
import pytest
from support.new_warehouse import copy_new_warehouse

from etl.cli import COMMANDS
from tools.documents.check_links import broken_links, markdown_pages
from tools.documents.commands import _parameters
from tools.documents.links import Link, read_anchors, read_links, rewrite_links
from tools.documents.site_hooks import ROOT

PAGES = markdown_pages(ROOT)
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
SAMPLE = """# A page, with `code`

A [link](other.md#a-heading), ![a drawing](x.svg) and `[no](link.md)` and [outside](https://example.org/a.md).

```text
[no](link.md)
# no heading
```

## A  heading & more

<a id="own"></a>[here](#own)
"""
HAND_WRITTEN = [name for name in NAMES if "Rendered from" not in (ROOT / name).read_text(encoding="utf-8")[:400]]
FOLDERS = "etl|schemas|warehouse|studies|site_mappings|tests|tools|benchmarks|docs"
NAMED_FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
MADE_BY_THE_READER = {
    "docs/tutorial/tenth_hospital.md": "site_mappings/harbour",
    "docs/reference/python_api.md": "site_mappings/hill",
}
"""The folder that the reader of a page writes, where there is one."""


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


MAKE_TARGETS = targets((ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    assert broken_links([ROOT / name]) == []


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "other.md").write_text("# Other\n\n## A heading\n", encoding="utf-8")
    page.write_text(
        "[a](other.md#a-heading) [b](gone.md)\n\n[c](other.md#no-heading)\n\n[d](#nowhere) [e](https://example.org)\n",
        encoding="utf-8",
    )
    assert broken_links([page]) == [
        f"{page}:1: there is no gone.md.",
        f"{page}:3: other.md has no heading #no-heading.",
        f"{page}:5: this page has no heading #nowhere.",
    ]


def test_what_stands_in_code_is_no_link_and_no_heading() -> None:
    assert read_links(SAMPLE) == [
        Link(3, "other.md", "a-heading"),
        Link(3, "x.svg", ""),
        Link(3, "https://example.org/a.md", ""),
        Link(12, "", "own"),
    ]
    assert read_anchors(SAMPLE) == ["a-page-with-code", "a--heading--more", "own"]


def test_only_links_to_files_are_rewritten() -> None:
    changed = rewrite_links(SAMPLE, lambda path: f"up/{path}")
    assert changed == SAMPLE.replace("](other.md#", "](up/other.md#").replace("](x.svg)", "](up/x.svg)")


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_a_page_names_commands_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    typed = re.findall(r"(?:`|^\$ |^)(?:\.venv/bin/)?hcc ([a-z][a-z-]*)([^`\n]*)", text, flags=re.MULTILINE)
    for command, rest in typed:
        assert command in COMMANDS, f"hcc {command}"
        known = {flag for parameter in _parameters(command) for flag in parameter.opts} | {"--help"}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0])) <= known, f"hcc {command}{rest}"
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= MAKE_TARGETS


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_a_page_names_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = {path for path in NAMED_FILE.findall(text) if "SITE" not in path}
    own = MADE_BY_THE_READER.get(name, "-")
    assert {path for path in named if not path.startswith(own) and not (ROOT / path).exists()} == set()


def test_the_queries_for_an_auditor_can_be_asked(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how_to" / "answer_an_auditor.md").read_text(encoding="utf-8")
    queries = re.findall(r"^```sql\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert len(queries) > 8
    with duckdb.connect(str(copy_new_warehouse(tmp_path / "warehouse.duckdb")), read_only=True) as con:
        for query in queries:
            con.execute(query)
