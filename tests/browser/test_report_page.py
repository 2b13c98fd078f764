"""The report in a real browser: it fits a desk and a phone, in light and dark, and hostile text does nothing."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from quality_warehouse import HOSTILE, build_warehouse, plant_findings

from etl.report.write import write_report
from warehouse.connect import raw_connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)

PROBE = """
<script>
addEventListener("load", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const root = document.documentElement, body = getComputedStyle(document.body);
  const wide = [...document.querySelectorAll("body *")].filter(
    e => !e.closest(".scroll") && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className || e.tagName);
  parent.postMessage({
    width: innerWidth, content: root.scrollWidth, wide: wide.slice(0, 5), owned: document.body.dataset.owned || "",
    ink: body.color, paper: body.backgroundColor, verdict: document.querySelector(".verdict").getBoundingClientRect().bottom,
    fetched: performance.getEntriesByType("resource").map(e => e.name)}, "*");
});
</script>
"""
"""Opens every fold, measures, and tells the frame around it; added to a copy without the page's own policy."""

FRAME = """
<!doctype html><meta name="color-scheme" content="light dark"><body style="margin: 0">
<script>addEventListener("message", event => { document.body.dataset.probe = JSON.stringify(event.data); });</script>
<iframe src="probed.html" width="WIDTH" height="900" style="border: 0; color-scheme: light dark"></iframe>
"""
"""A frame as wide as the screen to be tried: a browser's own window cannot be as narrow as a phone."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    engine = build_warehouse(folder / "warehouse.duckdb")
    with raw_connection(engine) as con:
        plant_findings(con, 1)
        con.execute("update audit.source_file set file = ? || file where source = 'patient'", [HOSTILE])
        con.execute("update audit.load set delivery = ?", ["2026-11" + "가나다라마바사" * 20])
        page = write_report(con, "snuh", load_id=1, reports_dir=folder)
    engine.dispose()
    return page


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_is_readable(page: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    seen = _look(page, tmp_path, width=width, is_dark=is_dark)
    assert seen["width"] == width
    assert seen["content"] <= width, f"these stick out: {seen['wide']}"
    assert seen["wide"] == []
    assert seen["verdict"] < 800, "the verdict is seen without scrolling"
    assert (_brightness(seen["paper"]) < 0.3) == is_dark
    assert abs(_brightness(seen["paper"]) - _brightness(seen["ink"])) > 0.6


def test_hostile_text_does_nothing_and_nothing_is_fetched(page: Path, tmp_path: Path) -> None:
    seen = _look(page, tmp_path, width=1280, is_dark=False)
    assert seen["owned"] == ""
    assert seen["fetched"] == []


def _look(page: Path, folder: Path, *, width: int, is_dark: bool) -> dict[str, object]:
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    probed = folder / "probed.html"
    probed.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    frame = folder / "frame.html"
    frame.write_text(FRAME.replace("WIDTH", str(width)), encoding="utf-8")
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000"]
    command += ["--force-dark-mode"] if is_dark else []
    done = subprocess.run(
        [*command, "--virtual-time-budget=5000", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r'data-probe="([^"]*)"', done.stdout)
    assert found, done.stderr[-500:]
    seen: dict[str, object] = json.loads(unescape(found[1]))
    return seen


def _brightness(colour: object) -> float:
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", str(colour))[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
