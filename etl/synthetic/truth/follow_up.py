"""How long the patients were seen, and how they died."""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator, where_known
from etl.synthetic.truth.outcome import FATAL_EVENTS

_CAUSES = {"hcc": 0.72, "liver_failure": 0.14, "bleeding": 0.06, "infection": 0.05, "other": 0.03}
_CAUSE_TEXTS = {
    "hcc": "간세포암 진행", "liver_failure": "간부전", "bleeding": "정맥류 출혈", "infection": "패혈증", "other": "기타 원인",
}  # fmt: skip
_SHARE_KNOWN_TO_THE_MONTH = 0.02
_SAFE_FROM_BOUNDARY_DAYS = (120, 620)


def draw_follow_up(plan: pd.DataFrame, latest_day: np.ndarray, seed: int, replica: int) -> pd.DataFrame:
    """Draw table follow_up with `person` and dates.

    A few deaths are known to the month only: far from two years, and in a month in which nothing else happened.

    Args:
        plan: the patients with their outcome.
        latest_day: the last day, relative to the index date, on which any other table mentions each patient.
        seed: of the study.
        replica: of the study.
    """
    rng = generator(seed, replica, "follow_up")
    size = len(plan)
    index_date = plan["index_date"].to_numpy().astype("datetime64[D]")
    survival = plan["survival_days"].to_numpy()
    is_dead = plan["is_dead"].to_numpy()
    death = index_date + survival
    month = death.astype("datetime64[M]").astype("datetime64[D]")
    low, high = _SAFE_FROM_BOUNDARY_DAYS
    could = is_dead & (index_date + latest_day < month) & (survival > low) & (survival < high)
    by_month = could & (
        rng.random(size) < _SHARE_KNOWN_TO_THE_MONTH / max(float(could.mean()), _SHARE_KNOWN_TO_THE_MONTH)
    )
    died_on = np.where(by_month, month, death)
    seen = np.maximum(death - rng.integers(0, 12, size), index_date + latest_day)
    last_contact = np.where(by_month, index_date + latest_day, np.where(is_dead, np.minimum(seen, death), death))
    cause = rng.choice(list(_CAUSES), size, p=list(_CAUSES.values())).astype(object)
    fatal = plan["fatal_event"].map(FATAL_EVENTS).to_numpy(dtype=object)
    cause = np.where(pd.notna(fatal), fatal, cause)
    sources = rng.choice(["chart", "registry", "family"], size, p=[0.62, 0.3, 0.08]).astype(object)
    return pd.DataFrame(
        {
            "person": np.arange(size),
            "last_contact_on": last_contact.astype("datetime64[s]"),
            "vital_status_code": np.where(is_dead, "dead", "alive").astype(object),
            "vital_status_source_code": sources,
            "died_on": np.where(is_dead, died_on, np.datetime64("NaT", "s")).astype("datetime64[s]"),
            "died_on_precision": where_known(is_dead, np.where(by_month, "month", "day")),
            "death_cause_code": where_known(is_dead, cause),
            "death_cause_text": where_known(is_dead, [_CAUSE_TEXTS[code] for code in cause]),
        }
    )
