"""The study: from the patients' rows to tables, statistics, figures and a report."""

MAIN_STUDY = "sorafenib"
"""The study that is meant where none is named; the files of its report have the plain name study."""
