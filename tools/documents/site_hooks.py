"""What MkDocs does differently for this site: pages from the repository's root, and files that pages link to.

A link in a Markdown file leads to the file in the repository, so that it works wherever the repository is read. The site
takes pages of the root in, and a copy of every other file that a page links to.
"""

import os
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.documents.links import read_links, rewrite_links

ROOT = Path(__file__).parents[2]
PAGES_OF_THE_ROOT = {
    "README.md": "overview.md",
    "GLOSSARY.md": "reference/glossary.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "explanation/speed.md",
}
"""Pages outside of docs/, by their path in the repository, with their place on the site."""
COPIES = "files"
"""The folder of the site with copies of files that pages link to."""
WAY = "docs/explanation/way_of_the_data.svg"
"""The drawing that takes the place of the README's diagram, which needs a script to be shown."""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and a copy of every file that a page links to."""
    for origin, place in PAGES_OF_THE_ROOT.items():
        files.append(File.generated(config, place, content=(ROOT / origin).read_text(encoding="utf-8")))
    linked = set()
    for file in files.documentation_pages():
        origin = origin_of(file.src_uri)
        linked |= {_resolve(origin, link.path) for link in read_links(file.content_string) if link.is_to_file}
    for path in sorted(linked):
        place = place_of(path)
        if place.startswith(f"{COPIES}/") and (ROOT / path).is_file():
            files.append(File.generated(config, place, content=(ROOT / path).read_bytes()))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Lead every link to the place that its file has on the site."""
    origin = origin_of(page.file.src_uri)
    if origin == "README.md":
        markdown = re.sub(r"```mermaid\n.*?```\n", f"![The way of the data]({WAY})\n", markdown, flags=re.DOTALL)
    here = os.path.dirname(page.file.src_uri)  # noqa: PTH120
    return rewrite_links(markdown, lambda path: os.path.relpath(place_of(_resolve(origin, path)), here or "."))


def on_post_build(*, config: MkDocsConfig) -> None:
    """Remove the page that only a server can show."""
    (Path(config.site_dir) / "404.html").unlink(missing_ok=True)


def origin_of(src_uri: str) -> str:
    """Give a page's path in the repository."""
    origins = {place: origin for origin, place in PAGES_OF_THE_ROOT.items()}
    return origins.get(src_uri, f"docs/{src_uri}")


def place_of(path: str) -> str:
    """Give the place on the site of a file of the repository; a copy is shown as text, whatever its kind."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/") + ("/index.md" if (ROOT / path).is_dir() else "")
    return PAGES_OF_THE_ROOT.get(path, f"{COPIES}/{path}.txt")


def _resolve(origin: str, path: str) -> str:
    return Path(os.path.normpath(Path(origin).parent / path)).as_posix()
