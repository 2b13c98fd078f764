"""Write the page of all hospitals side by side: reports/index.html."""

from pathlib import Path

import duckdb

from etl.report.all_hospitals.collect import SiteLine, Together, collect_together
from etl.report.load.render import make_environment
from warehouse.errors import EnvironmentRefusal
from warehouse.file.whole_file import write_whole

PAGE = "index.html"


def write_index(con: duckdb.DuckDBPyConnection, *, reports_dir: Path) -> Path:
    """Write the page and return it; it appears whole or not at all.

    Raises:
        EnvironmentRefusal: the folder cannot be written.
    """
    try:
        reports_dir.mkdir(parents=True, exist_ok=True)
        together = collect_together(con)
        links = {site.site_id: _links(site, reports_dir) for site in together.sites}
        write_whole(reports_dir / PAGE, render_index(together, links=links))
    except OSError as error:
        raise EnvironmentRefusal(
            f"{reports_dir}: the page of all hospitals cannot be written ({error.strerror}). "
            f"Free the disk or the folder, then 'hcc report --all'."
        ) from error
    return reports_dir / PAGE


def render_index(together: Together, *, links: dict[str, dict[str, str]]) -> str:
    """Render the page; `links` names by site the reports that are there, by 'report' and 'refused'."""
    return make_environment("report.css", "index.css").get_template("index.html").render(together=together, links=links)


def _links(site: SiteLine, reports_dir: Path) -> dict[str, str]:
    names = {"report": f"{site.site_id}.html", "refused": f"{site.site_id}.refused.html"}
    return {kind: name for kind, name in names.items() if (reports_dir / name).is_file()}
