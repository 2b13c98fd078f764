"""The whole study: every domain drawn, in canonical tables with the hospitals' own patient numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from etl.synthetic.truth.baseline import draw_baseline
from etl.synthetic.truth.drawing import Texts, generator, where_known
from etl.synthetic.truth.events import draw_events
from etl.synthetic.truth.examination import draw_examination
from etl.synthetic.truth.follow_up import draw_follow_up
from etl.synthetic.truth.history import draw_history, draw_medication
from etl.synthetic.truth.imaging import draw_imaging
from etl.synthetic.truth.laboratory import draw_laboratory, draw_points
from etl.synthetic.truth.laboratory_events import draw_laboratory_events
from etl.synthetic.truth.outcome import draw_outcome
from etl.synthetic.truth.parted_scans import part_scans
from etl.synthetic.truth.people import draw_people
from etl.synthetic.truth.prothrombin import draw_prothrombin_times
from etl.synthetic.truth.treatments import draw_treatments
from etl.synthetic.truth.visits import draw_clinic_visits
from etl.synthetic.truth.warfarin import draw_warfarin, raise_inr
from schemas.catalogue import table_facts
from schemas.tables import TABLES


@dataclass(frozen=True)
class Study:
    """One replica of the study.

    Attributes:
        tables: the truth by canonical table, columns as in the model with `site_id` before them; `patient_id` is the
            hospital's own number. Dates are datetime64[s], absent values None or not-a-number.
        people: what an exporter may need besides: `site_id`, `patient_id`, `name`, `doctor`.
        answers: what the truth was drawn from (group, best response ...); never exported.
    """

    tables: dict[str, pd.DataFrame]
    people: pd.DataFrame
    answers: pd.DataFrame


def draw_studies(seed: int, *, scale: float = 1.0) -> Iterator[Study]:
    """Draw the study as often as `scale` says, one at a time; the last one holds a part of the patients.

    A scale of 2.5 yields two whole studies and half of a third, with other patients. The studies are shared: whoever
    changes a table works on a copy, such as `of_site` gives.
    """
    whole = int(scale)
    for replica in range(whole):
        yield _drawn_once(seed, replica)
    if scale > whole:
        yield keep_share(_drawn_once(seed, whole), scale - whole)


@lru_cache(maxsize=2)
def _drawn_once(seed: int, replica: int) -> Study:
    """Keep the last studies drawn, since each of the nine hospitals takes its rows from the same one."""
    return draw_study(seed, replica)


def draw_study(seed: int, replica: int = 0) -> Study:
    """Draw all nine hospitals' patients, the same for the same seed and replica."""
    people = draw_people(seed, replica)
    plan = draw_outcome(draw_baseline(people, seed, replica), seed, replica)
    visits = draw_clinic_visits(plan, seed, replica)
    points = draw_points(plan, seed, replica)
    scans, measurements, tumours = draw_imaging(plan, seed, replica)
    imaging, lesions = part_scans(scans, measurements, plan, seed=seed, replica=replica)
    courses, steps, procedures = draw_treatments(plan, seed, replica)
    warfarin = draw_warfarin(plan, points, seed, replica)
    labs = raise_inr(draw_laboratory(plan, points, visits, seed=seed, replica=replica), warfarin, seed, replica)
    events = draw_events(plan, seed, replica)
    relative = {
        "observation": draw_examination(plan, points, visits, seed=seed, replica=replica),
        "medical_history": draw_history(plan, seed, replica),
        "tumour_baseline": tumours,
        "treatment_course": courses,
        "exposure": steps,
        "procedure": procedures,
        "medication": _together(draw_medication(plan, seed, replica), warfarin),
        "lab_result": _together(labs, draw_prothrombin_times(labs, plan, seed, replica)),
        "imaging_visit": imaging,
        "lesion": lesions,
        "adverse_event": _together(events, draw_laboratory_events(events, labs, plan, seed=seed, replica=replica)),
    }
    latest_day = _latest_day(relative, len(plan))
    earliest_day = (
        relative["procedure"].groupby("person")["started_on"].min().reindex(range(len(plan))).fillna(0).to_numpy()
    )
    tables = {
        "patient": _patients(plan, earliest_day, generator(seed, replica, "patient")),
        **{name: _with_dates(table, plan) for name, table in relative.items()},
        "follow_up": draw_follow_up(plan, latest_day, seed, replica),
    }
    return Study(
        {name: _canonical(name, tables[name], plan) for name in TABLES if name in tables},
        plan[["site_id", "patient_id", "name", "doctor"]],
        plan,
    )


def keep_share(study: Study, share: float) -> Study:
    """Keep the first patients of a study, in the order in which they were drawn, with their rows."""
    kept = study.people.iloc[: round(len(study.people) * share)]
    numbers = set(kept["patient_id"])
    tables = {name: table[table["patient_id"].isin(numbers)] for name, table in study.tables.items()}
    return Study(tables, kept, study.answers[study.answers["patient_id"].isin(numbers)])


def of_site(study: Study, site_id: str) -> dict[str, pd.DataFrame]:
    """Take one hospital's rows of every table, without `site_id`, in the truth's order."""
    return {
        name: table[table["site_id"] == site_id].drop(columns="site_id").reset_index(drop=True)
        for name, table in study.tables.items()
    }


def _together(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put rows drawn apart behind those drawn before, whose places stay."""
    return pd.concat([first, second.astype(first.dtypes)], ignore_index=True) if len(second) else first


def _latest_day(relative: dict[str, pd.DataFrame], size: int) -> np.ndarray:
    """Find the last day on which any table mentions each patient."""
    latest = np.zeros(size)
    for table in relative.values():
        for column in _date_columns(table):
            by_person = pd.to_numeric(table[column]).groupby(table["person"]).max().reindex(range(size)).fillna(0)
            latest = np.maximum(latest, by_person.to_numpy())
    return latest.astype(int)


def _patients(plan: pd.DataFrame, earliest_day: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """State who the patients are, with the stage and score that the hospital wrote down."""
    size = len(plan)
    reason = plan["reason"].to_numpy()
    index_date = plan["index_date"].to_numpy().astype("datetime64[D]")
    diagnosed = index_date + earliest_day.astype(int) - rng.integers(8, 120, size)
    by_month = rng.random(size) < 0.08
    diagnosed = np.where(by_month, diagnosed.astype("datetime64[M]").astype("datetime64[D]"), diagnosed)
    points = plan["child_pugh_points"].to_numpy()
    unscored = reason == "child_pugh_unknown"
    unstaged = reason == "bclc_unknown"
    assessed = (index_date - rng.integers(0, 10, size)).astype("datetime64[s]")
    basis = rng.choice(["clinical", "histology"], size, p=[0.81, 0.19]).astype(object)
    return pd.DataFrame(
        {
            "person": np.arange(size),
            "sex": plan["sex"],
            "birth_date": plan["birth_date"],
            "birth_date_precision": "day",
            "aetiology": where_known(plan["aetiology"] != "missing", plan["aetiology"]),
            "diagnosed_on": diagnosed.astype("datetime64[s]"),
            "diagnosed_on_precision": np.where(by_month, "month", "day"),
            "diagnosis_basis": where_known(reason != "basis_unknown", basis),
            "is_unresectable": where_known(reason != "resectability_unknown", reason != "resectable"),
            "bclc_reported_code": where_known(~unstaged, plan["bclc"]),
            "bclc_assessed_on": np.where(unstaged, np.datetime64("NaT", "s"), assessed).astype("datetime64[s]"),
            "child_pugh_reported_points": np.where(unscored, np.nan, points),
            "child_pugh_reported_code": where_known(~unscored, _classes(points)),
            "child_pugh_assessed_on": np.where(unscored, np.datetime64("NaT", "s"), assessed).astype("datetime64[s]"),
        }
    )


def _classes(points: np.ndarray) -> Texts:
    """Read the Child-Pugh class from its points: A to 6, B to 9, C above."""
    classes: Texts = np.array(["A", "B", "C"], dtype=object)[np.digitize(points, [6.5, 9.5])]
    return classes


def _with_dates(table: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Turn days relative to the index date into dates; a date known to the month or year holds its first day."""
    dated = table.copy()
    index_date = plan["index_date"].to_numpy()[table["person"].to_numpy()].astype("datetime64[D]")
    for column in _date_columns(table):
        day = pd.to_numeric(table[column]).to_numpy(dtype=float)
        known = np.isfinite(day)
        dates = index_date + np.where(known, day, 0).astype(int)
        precision = f"{column}_precision"
        if precision in table:
            for name, unit in (("month", "datetime64[M]"), ("year", "datetime64[Y]")):
                dates = np.where(
                    (table[precision] == name).to_numpy(), dates.astype(unit).astype("datetime64[D]"), dates
                )
        dated[column] = np.where(known, dates, np.datetime64("NaT", "s")).astype("datetime64[s]")
    return dated


def _canonical(name: str, table: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Put the hospital's number in place of the person, and the columns into the model's order."""
    facts = table_facts(name)
    person = table["person"].to_numpy()
    full = pd.DataFrame(
        {"site_id": plan["site_id"].to_numpy()[person], "patient_id": plan["patient_id"].to_numpy()[person]}
    )
    for column in facts.column_names:
        if column == "patient_id":
            continue
        if column in table:
            full[column] = table[column].to_numpy()
        elif column.endswith("_precision"):
            full[column] = where_known(pd.notna(full[column.removesuffix("_precision")]), np.full(len(full), "day"))
        else:
            full[column] = None
    date = next((column for column in facts.column_names if facts.column(column).sql_type == "DATE"), None)
    order = [person] if date is None else [full[date].to_numpy(), person]
    return full.iloc[np.lexsort(order)].reset_index(drop=True)


def _date_columns(table: pd.DataFrame) -> list[str]:
    return [column for column in table.columns if column.endswith("_on")]
