"""Exporters: each writes the truth in one hospital's format, and knows nothing of the mapping that reads it back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from etl.synthetic.exporters import snuh
from etl.synthetic.truth.study import Study


@dataclass(frozen=True)
class Exporter:
    """How one hospital exports.

    Attributes:
        delivery: the name of its delivery's folder.
        export: writes the files of one delivery from the study's replicas and returns each file's number of records.
        as_reported: one replica's canonical rows as this hospital reports them, with its own patient numbers; what
            must be loaded. The flag says whether it is the first replica, which holds the delivery's oddities.
    """

    delivery: str
    export: Callable[[Path, Iterable[Study]], dict[str, int]]
    as_reported: Callable[[Study, bool], dict[str, pd.DataFrame]]


EXPORTERS: dict[str, Exporter] = {"snuh": Exporter("2016-04", snuh.export, snuh.as_reported)}
"""The exporters by hospital."""
