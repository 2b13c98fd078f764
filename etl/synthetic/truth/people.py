"""Who is in the study: group, hospital, number, name, sex, birth and index date."""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import Texts, draw_by_quota, draw_matched, generator, scaled, shuffled, whole_numbers
from etl.synthetic.truth.targets import GROUP_SIZES, moment, screening_reasons, site_shares

FIRST_INDEX_DATE = np.datetime64("2007-01-01")
LAST_INDEX_DATE = np.datetime64("2014-03-31")
CUT_OFF = np.datetime64("2016-04-01")

_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_FIRST_SYLLABLES = "민서지현수영진성정상재동승경은혜미준태종"
_SECOND_SYLLABLES = "호수진희영숙철우석환민경아은주미선원식훈"
_NUMBERS_PER_REPLICA = 10_000


def draw_people(seed: int, replica: int) -> pd.DataFrame:
    """Draw one row per patient of the whole study.

    Returns:
        columns `group`, `reason` (screened patients: the criterion), `site_id`, `patient_id` (the hospital's own
        number), `name`, `doctor`, `sex`, `age_years`, `birth_date`, `index_date`.
    """
    rng = generator(seed, replica, "people")
    groups = np.repeat(np.array(list(GROUP_SIZES), dtype=object), list(GROUP_SIZES.values()))
    rng.shuffle(groups)
    size = len(groups)
    reasons = np.full(size, None, dtype=object)
    reasons[groups == "screened"] = shuffled(screening_reasons(), int((groups == "screened").sum()), rng)
    sites = _draw_sites(groups, rng)
    index_date = FIRST_INDEX_DATE + (rng.beta(2.0, 1.3, size) * _days(LAST_INDEX_DATE - FIRST_INDEX_DATE)).astype(int)
    outside = reasons == "index_outside"
    index_date[outside] = LAST_INDEX_DATE + rng.integers(1, 90, int(outside.sum()))
    age = _draw_ages(groups, rng)
    birth_date = index_date - ((age + rng.uniform(0.01, 0.99, size)) * 365.25).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "group": groups,
            "reason": reasons,
            "site_id": sites,
            "patient_id": _draw_numbers(sites, replica, rng),
            "name": _draw_names(size, rng),
            "doctor": _draw_names(12, rng)[rng.integers(0, 12, size)],
            "sex": draw_by_quota(groups, "sex", rng),
            "age_years": age,
            "birth_date": birth_date.astype("datetime64[s]"),
            "index_date": index_date.astype("datetime64[s]"),
        }
    )


def _draw_sites(groups: Texts, rng: np.random.Generator) -> Texts:
    """Share every group out over the hospitals by their size."""
    names = np.array([share.site_id for share in site_shares()], dtype=object)
    sites = np.empty(len(groups), dtype=object)
    for group in GROUP_SIZES:
        members = np.flatnonzero(groups == group)
        dealt = np.repeat(names, scaled([share.weight for share in site_shares()], len(members)))
        rng.shuffle(dealt)
        sites[members] = dealt
    return sites


def _draw_ages(groups: Texts, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draw ages in completed years."""
    age = np.empty(len(groups))
    for group in GROUP_SIZES:
        members = np.flatnonzero(groups == group)
        drawn = draw_matched(
            len(members),
            rng,
            mean=moment("age_years", "mean", group),
            sd=moment("age_years", "sd", group),
            low=19,
            high=89,
        )
        age[members] = rng.permutation(whole_numbers(drawn))
    return age


def _draw_numbers(sites: Texts, replica: int, rng: np.random.Generator) -> Texts:
    """Give every patient a number that is unique at the hospital, over all replicas."""
    numbers = np.empty(len(sites), dtype=object)
    for share in site_shares():
        members = np.flatnonzero(sites == share.site_id)
        drawn = replica * _NUMBERS_PER_REPLICA + rng.choice(_NUMBERS_PER_REPLICA, len(members), replace=False)
        numbers[members] = [f"{share.patient_prefix}{number:0{share.digits}d}" for number in drawn]
    return numbers


def _draw_names(size: int, rng: np.random.Generator) -> Texts:
    parts = [rng.choice(list(part), size) for part in (_SURNAMES, _FIRST_SYLLABLES, _SECOND_SYLLABLES)]
    return np.array(["".join(name) for name in zip(*parts, strict=True)], dtype=object)


def _days(span: np.timedelta64) -> int:
    return int(span / np.timedelta64(1, "D"))
