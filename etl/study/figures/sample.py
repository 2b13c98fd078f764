"""A seeded sample of patients for figures that draw one mark a patient."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LARGEST = 300
SEED = 20210613


@dataclass(frozen=True)
class Sample:
    """The rows of the patients drawn.

    Attributes:
        rows: of the patients in the sample, in the frame's order.
        patients: in the sample.
        of: patients in the frame.
    """

    rows: pd.DataFrame
    patients: int
    of: int

    @property
    def is_part(self) -> bool:
        """Whether patients were left out."""
        return self.patients < self.of


def sample_patients(frame: pd.DataFrame, largest: int = LARGEST, *, seed: int = SEED) -> Sample:
    """Draw at most a number of patients without replacement, whatever the order of the rows.

    Args:
        frame: with a column patient.
        largest: number of patients that are all drawn.
        seed: of the random generator; the same seed and patients give the same sample.
    """
    patients = np.array(sorted(frame["patient"].unique()))
    if len(patients) <= largest:
        return Sample(frame, len(patients), len(patients))
    chosen = np.random.default_rng(seed).choice(patients, size=largest, replace=False)
    return Sample(frame[frame["patient"].isin(chosen)], largest, len(patients))


def sample_columns(data: pd.DataFrame, sample: Sample) -> pd.DataFrame:
    """Say in each row of the data of how many patients the sample is, and by which seed."""
    return data.assign(sampled_of=sample.of, sample_seed=SEED if sample.is_part else None)


def numbered(rows: pd.DataFrame, order: list[object]) -> pd.DataFrame:
    """Replace each patient by its place in the figure, from 1: a figure's data name nobody."""
    places = {patient: place for place, patient in enumerate(order, start=1)}
    return rows.assign(patient=rows["patient"].map(places)).sort_values("patient", kind="stable")
