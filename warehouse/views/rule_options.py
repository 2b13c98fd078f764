"""Which study options a rule takes: read from its SQL, so that no command has a list of them."""

import csv
import re
from collections.abc import Collection

from warehouse.reference.load import REFERENCE
from warehouse.views.refresh import View
from warehouse.views.rules import NOTHING_SET_ASIDE, needed_views

_OPTION = re.compile(r"name = '(\w+)'.*?\bAS ([a-z]\w*)", re.DOTALL)
"""An option and the column that it becomes; types are in capitals."""
_LISTED = re.compile(r"name IN \(([^)]*)\)")


def options_of(rules: Collection[str], *, given: Collection[str]) -> frozenset[str]:
    """Name the study options that can change what some rules answer.

    An option counts where a view of the rules reads it, or reads the column that a view of options makes of it. Of a file
    nothing is set aside in a warehouse, so that what would make these relations is not part of the rules either.

    Args:
        rules: e.g. `clinical.lab_grade`.
        given: relations that are given, so that what would make them is not part of the rules.
    """
    there = {*given, *NOTHING_SET_ASIDE}
    views = {view.name: view for rule in rules for view in needed_views(rule, there)}
    options: set[str] = set()
    for view in views.values():
        if "reference.event_category" in view.reads_of_others:
            options |= _options_of_categories()
        if "reference.study_option" not in view.reads_of_others:
            continue
        for listed in _LISTED.findall(view.sql):
            options |= set(re.findall(r"'(\w+)'", listed))
        readers = [other.sql for other in views.values() if view.name in other.reads]
        options |= {
            option
            for option, columns in _columns_by_option(view).items()
            if view.name in rules or any(re.search(rf"\b{column}\b", sql) for column in columns for sql in readers)
        }
    return frozenset(options)


def _columns_by_option(view: View) -> dict[str, set[str]]:
    """Name the columns that a view of options makes of each, those of the last SELECT among them."""
    columns = {option: {column} for option, column in _OPTION.findall(view.sql)}
    for projection in re.split(r",\n    (?=\S)", view.sql.rpartition("\nSELECT\n")[2].partition("\nFROM ")[0]):
        alias = re.findall(r"\bAS ([a-z]\w*)", projection)
        for option, made in columns.items():
            if alias and any(re.search(rf"\b{column}\b", projection) for column in made):
                columns[option] = made | {alias[-1]}
    return columns


def _options_of_categories() -> set[str]:
    """Name the options under which terms belong to a category of adverse events."""
    with (REFERENCE / "event_category.csv").open(encoding="utf-8", newline="") as file:
        return {row["counts_if"].partition("=")[0].strip() for row in csv.DictReader(file) if row["counts_if"]}
