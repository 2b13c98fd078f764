"""Study options: every choice that the definitions rest on, its default, its value, who chose it and when."""

import datetime as dt
from dataclasses import dataclass

from etl.report.load.facts import LoadFacts

PLACE = 100
TITLE = "Study options"


@dataclass(frozen=True)
class StudyOption:
    """A choice that the study's definitions rest on."""

    name: str
    value: str
    unit: str
    description: str
    default_value: str
    chosen_by: str | None
    """Who chose another value than the default; None where the default counts."""
    chosen_at: dt.datetime | None


@dataclass(frozen=True)
class StudyOptions:
    """All choices, as they are when the page is written."""

    options: tuple[StudyOption, ...]

    @property
    def chosen(self) -> list[StudyOption]:
        """Those that somebody chose."""
        return [option for option in self.options if option.chosen_by is not None]


def collect(facts: LoadFacts) -> StudyOptions:
    """Read the study options."""
    rows = facts.con.execute(
        """SELECT name, value::VARCHAR, coalesce(unit, ''), coalesce(description, ''),
            coalesce(default_value, value, ''), chosen_by, chosen_at
        FROM reference.study_option ORDER BY name"""
    ).fetchall()
    return StudyOptions(tuple(StudyOption(*row) for row in rows))
