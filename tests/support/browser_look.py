"""Looking at a page in a real browser, on a desk and on a phone, in light and dark."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

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
    ink: body.color, paper: body.backgroundColor,
    answer: document.querySelector(".verdict, .figures").getBoundingClientRect().bottom,
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

NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"),
]


def look(page: Path, folder: Path, *, width: int, is_dark: bool) -> dict[str, object]:
    """Load a page in a frame of this width, every fold open; tell what sticks out, the colours, what was fetched."""
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


def brightness(colour: object) -> float:
    """Tell how bright a colour is: 0 is black, 1 is white."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", str(colour))[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
