"""The sections of a load's report: each is a module here that collects it and a template of the same name next to it.

A module has `PLACE`, its place on the page (the lowest first), `TITLE`, its heading, and `collect(facts)`, which gives a
frozen dataclass for the template and the JSON, or None where the section has nothing to do with the load. Both files are
found by their names: nothing else has to know them.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from etl.report.load.facts import LoadFacts


@dataclass(frozen=True)
class Section:
    """One section of the page, with what it collected."""

    name: str
    title: str
    data: Any
    """A frozen dataclass of the section's own."""

    @property
    def template(self) -> str:
        """Name the template that shows it."""
        return f"sections/{self.name}.html"


def collect_sections(facts: LoadFacts) -> tuple[Section, ...]:
    """Collect every section that has to do with the load, in the order of the page."""
    collected = [(module, module.collect(facts)) for module in section_modules()]
    return tuple(
        Section(module.__name__.rpartition(".")[2], module.TITLE, data)
        for module, data in collected
        if data is not None
    )


def section_modules() -> list[ModuleType]:
    """Import the modules of all sections, in the order of the page."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return sorted(modules, key=lambda module: (module.PLACE, module.__name__))
