"""The command `hcc derive`: bring up to date what follows from the loads."""

from etl.commands.options import AsJson, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, plain, print_on_stderr, show_json


def derive(as_json: AsJson = False) -> None:
    """Bring up to date what follows from the loads: reference data, studies, views, assessments, reports; no new load.

    Run it after an edit of a view, a quality rule, a code list's label, a study file, a report, or of what a mapping says
    of columns that are not wanted. What the rows themselves depend on is brought in by hcc ingest-all.

    Example:
    hcc derive
    """
    from etl.derive import derive as run_derive

    settings = read_settings()
    with ProgressBar() as progress:
        done = run_derive(settings=settings, progress=progress)
    if as_json:
        show_json(
            {
                "views_built": done.is_refreshed,
                "assessed": list(done.assessed),
                "unread": list(done.unread),
                "reports": [str(path) for path in done.reports],
            }
        )
        return
    for sentence in done.unread:
        print_on_stderr(sentence, style="yellow")
    views = "The views were built" if done.is_refreshed else "The views are up to date"
    assessed = f"assessed again: {', '.join(done.assessed)}" if done.assessed else "no load had to be assessed again"
    out().print(plain(f"{views}; {assessed}. Reports written: {len(done.reports)}."), soft_wrap=True)
