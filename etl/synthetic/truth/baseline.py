"""How the patients were before treatment: liver, tumour, fitness, body, AFP and co-medication."""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import (
    Texts,
    draw_by_quota,
    draw_flags,
    draw_matched,
    generator,
    shuffled,
    whole_numbers,
)
from etl.synthetic.truth.targets import GROUP_SIZES, Group, moment, quota

ORGANS = ("lung", "lymph_node", "bone", "brain", "adrenal", "peritoneum")
"""Where the tumour spreads to; the lungs first, because the others must reach whoever is left."""

_SHARE_OF_C_WITHOUT_SPREAD_WITH_INVASION = 0.8
_SHARE_OF_B_WITH_ECOG_1 = {"long_term": 0.06, "short_term": 0.23, "undetermined": 0.23, "screened": 0.23}
"""Limited by something other than the cancer, so that the hospital wrote B where the rules derive C."""

_AFP_RANGES = {"<7": (2.0, 6.8), "7-1000": (7.5, 980.0), "1000-10000": (1020.0, 9800.0), ">10000": (10400.0, 180000.0)}
_BMI_RANGES = {"<23": (17.0, 22.8), "23-25": (23.1, 24.8), ">25": (25.2, 29.8)}


def draw_baseline(people: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Add what is known before treatment to every patient.

    Returns:
        people with `bclc`, `extrahepatic`, one flag per organ, `portal_vein`, `ecog` (None: not recorded),
        `child_pugh_points`, `aetiology`, `diabetes`, `bmi`, `afp`, `largest_diameter_mm`, `nodule_count`, `first_line`,
        `metformin` and `statin`.
    """
    rng = generator(seed, replica, "baseline")
    plan = people.copy()
    groups = plan["group"].to_numpy()
    _draw_stage(plan, rng)
    _draw_tumour_size(plan, rng)
    for variable in ("aetiology", "diabetes"):
        plan[variable] = draw_by_quota(groups, variable, rng)
    plan["bmi"] = _draw_within(draw_by_quota(groups, "bmi", rng), _BMI_RANGES, rng, logarithmic=False)
    plan["afp"] = _draw_within(draw_by_quota(groups, "afp", rng), _AFP_RANGES, rng, logarithmic=True).round(1)
    plan["child_pugh_points"] = _draw_points(draw_by_quota(groups, "child_pugh", rng), rng)
    plan["first_line"] = draw_flags(groups, "first_line", rng)
    plan["metformin"] = _draw_metformin(plan, rng)
    plan["statin"] = draw_flags(groups, "statin", rng)
    return _apply_screening_reasons(plan, rng)


def _draw_stage(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw stage, spread, invasion and fitness together, so that they agree.

    BCLC B has neither spread nor invasion and mostly ECOG 0 (or none recorded); BCLC C has at least one of them.
    """
    size = len(plan)
    stage = np.full(size, None, dtype=object)
    vein = np.full(size, "vp0", dtype=object)
    ecog = np.full(size, None, dtype=object)
    organs = {organ: np.zeros(size, dtype=bool) for organ in (*ORGANS, "other")}
    spread = np.zeros(size, dtype=bool)
    for group in GROUP_SIZES:
        members = rng.permutation(np.flatnonzero(plan["group"].to_numpy() == group))
        stages = shuffled(quota("bclc", group), len(members), rng)
        stage[members] = stages
        of_c = members[stages == "C"]
        with_spread = of_c[: _count("extrahepatic", "yes", group, len(members))]
        without = of_c[len(with_spread) :]
        spread[with_spread] = True
        invaded = np.concatenate(_split_invaded(with_spread, without, group, len(members)))
        kinds = {kind: count for kind, count in quota("portal_vein", group).items() if kind != "vp0"}
        vein[invaded] = shuffled(kinds, len(invaded), rng)
        unexplained = np.setdiff1d(without, invaded)
        explained = np.setdiff1d(of_c, unexplained)
        explained = explained[np.lexsort([rng.random(len(explained)), vein[explained] != "vp0", spread[explained]])]
        ecog[members] = _draw_ecog(members, unexplained, explained, group=group, rng=rng)
        _spread_over_organs(organs, with_spread, group, len(members), rng)
    segmental = vein == "vp1-2"
    vein[segmental] = np.where(rng.random(int(segmental.sum())) < 0.4, "vp1", "vp2")
    plan["bclc"], plan["extrahepatic"], plan["portal_vein"], plan["ecog"] = stage, spread, vein, ecog
    for organ, flags in organs.items():
        plan[organ] = flags


def _split_invaded(
    with_spread: np.ndarray, without: np.ndarray, group: Group, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Choose who has portal vein invasion: most of those whom nothing else makes BCLC C, then those with spread."""
    wanted = size - _count("portal_vein", "vp0", group, size)
    from_without = min(wanted, int(len(without) * _SHARE_OF_C_WITHOUT_SPREAD_WITH_INVASION))
    return without[:from_without], with_spread[: wanted - from_without]


def _draw_ecog(
    members: np.ndarray, unexplained: np.ndarray, explained: np.ndarray, *, group: Group, rng: np.random.Generator
) -> Texts:
    """Give ECOG 1 or 2 to those whom nothing else makes BCLC C, and evenly to others of stage C; ECOG 1 to a few of B."""
    counts = quota("ecog", group)
    ones, twos = (_count("ecog", category, group, len(members)) for category in ("1", "2"))
    of_b = rng.permutation(np.setdiff1d(members, np.concatenate([unexplained, explained])))
    of_b = of_b[: round(len(of_b) * _SHARE_OF_B_WITH_ECOG_1[group])]
    limited = shuffled({"1": ones - len(of_b), "2": twos}, ones - len(of_b) + twos, rng)
    wanted = len(limited) - len(unexplained)
    evenly = explained[np.linspace(0, len(explained) - 1, wanted).round().astype(int)]
    limited_people = rng.permutation(np.concatenate([unexplained, evenly]))
    drawn = dict(zip(limited_people.tolist(), limited.tolist(), strict=True)) | dict.fromkeys(of_b.tolist(), "1")
    others = np.setdiff1d(members, np.concatenate([limited_people, of_b]))
    free = shuffled({"0": counts["0"], "missing": counts["missing"]}, len(others), rng)
    drawn.update(zip(others.tolist(), free.tolist(), strict=True))
    return np.array([None if drawn[i] == "missing" else drawn[i] for i in members.tolist()], dtype=object)


def _spread_over_organs(
    organs: dict[str, np.ndarray], with_spread: np.ndarray, group: Group, size: int, rng: np.random.Generator
) -> None:
    """Give every patient with spread at least one organ, and every organ its count."""
    uncovered = rng.permutation(with_spread)
    for organ in ORGANS:
        wanted = _count(organ, "yes", group, size)
        first = uncovered[:wanted]
        uncovered = uncovered[wanted:]
        more = rng.permutation(np.setdiff1d(with_spread, first))[: wanted - len(first)]
        organs[organ][np.concatenate([first, more]).astype(int)] = True
    organs["other"][uncovered.astype(int)] = True
    organs["other"][with_spread[rng.random(len(with_spread)) < 0.03]] = True


def _draw_tumour_size(plan: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw diameters and counts by group, then deal the pairs so that most BCLC B tumours are beyond BCLC A."""
    diameter = np.zeros(len(plan))
    nodules = np.zeros(len(plan))
    for group in GROUP_SIZES:
        members = np.flatnonzero(plan["group"].to_numpy() == group)
        zeros = round(len(members) * 0.05)
        drawn = [
            draw_matched(
                len(members),
                rng,
                mean=moment(name, "mean", group),
                sd=moment(name, "sd", group),
                low=low,
                high=high,
                zeros=zeros,
            )
            for name, low, high in (("largest_diameter_mm", 10, 280), ("nodule_count", 1, 40))
        ]
        order = np.concatenate([np.arange(zeros), zeros + rng.permutation(len(members) - zeros)])
        pairs = np.column_stack([whole_numbers(drawn[0]), whole_numbers(drawn[1])[order]])
        beyond_a = (pairs[:, 1] >= 4) | ((pairs[:, 1] >= 2) & (pairs[:, 0] > 30))
        fitting = rng.permutation(np.flatnonzero(beyond_a))
        others = rng.permutation(np.flatnonzero(~beyond_a))
        is_b = plan["bclc"].to_numpy()[members] == "B"
        reserved = min(int(is_b.sum()), len(fitting))
        rest = rng.permutation(np.concatenate([fitting[reserved:], others]))
        in_order = np.concatenate([fitting[:reserved], rest])
        by_stage = np.concatenate([members[is_b], members[~is_b]])
        diameter[by_stage], nodules[by_stage] = pairs[in_order, 0], pairs[in_order, 1]
    plan["largest_diameter_mm"], plan["nodule_count"] = diameter, nodules
    _give_everyone_something_to_measure(plan)


def _give_everyone_something_to_measure(plan: pd.DataFrame) -> None:
    """Let only those with a measurable metastasis have no tumour left in the liver."""
    measurable = plan["lung"] | plan["lymph_node"] | plan["adrenal"]
    size = ["largest_diameter_mm", "nodule_count"]
    for group in GROUP_SIZES:
        of_group = plan["group"] == group
        wrong = plan.index[of_group & (plan["nodule_count"] == 0) & ~measurable]
        takers = plan.index[of_group & (plan["nodule_count"] > 0) & measurable][: len(wrong)]
        taken = plan.loc[takers, size].to_numpy()
        plan.loc[takers, size] = 0.0
        plan.loc[wrong, size] = taken


def _draw_within(
    categories: Texts, ranges: dict[str, tuple[float, float]], rng: np.random.Generator, *, logarithmic: bool
) -> np.ndarray:
    """Draw a number inside the range of each category; not a number where the category is missing."""
    drawn = np.full(len(categories), np.nan)
    for category, (low, high) in ranges.items():
        members = categories == category
        if logarithmic:
            drawn[members] = np.exp(rng.uniform(np.log(low), np.log(high), int(members.sum())))
        else:
            drawn[members] = rng.uniform(low, high, int(members.sum()))
    return drawn


def _draw_points(classes: Texts, rng: np.random.Generator) -> np.ndarray:
    of_a = rng.choice([5, 6], len(classes), p=[0.62, 0.38])
    of_b = rng.choice([7, 8, 9], len(classes), p=[0.6, 0.28, 0.12])
    return np.where(classes == "A", of_a, of_b)


def _draw_metformin(plan: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Give metformin to diabetics only, by quota."""
    takes = np.zeros(len(plan), dtype=bool)
    for group in GROUP_SIZES:
        of_group = (plan["group"] == group).to_numpy()
        diabetics = rng.permutation(np.flatnonzero(of_group & (plan["diabetes"] == "yes").to_numpy()))
        takes[diabetics[: _count("metformin", "yes", group, int(of_group.sum()))]] = True
    return takes


def _apply_screening_reasons(plan: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Make the screened patients fail the criterion that each stands for."""
    reason = plan["reason"].to_numpy()
    plan.loc[reason == "bclc_a", ["bclc", "ecog", "portal_vein", "extrahepatic"]] = ["A", "0", "vp0", False]
    plan.loc[reason == "bclc_a", [*ORGANS, "other"]] = False
    plan.loc[reason == "bclc_a", "nodule_count"] = 1.0
    plan.loc[reason == "bclc_a", "largest_diameter_mm"] = 25.0
    plan.loc[reason == "bclc_d", "bclc"] = "D"
    plan.loc[reason == "bclc_d", "ecog"] = rng.choice(["3", "4"], int((reason == "bclc_d").sum()))
    plan.loc[reason == "child_pugh_c", "child_pugh_points"] = rng.integers(
        10, 13, int((reason == "child_pugh_c").sum())
    )
    return plan


def _count(variable: str, category: str, group: Group, size: int) -> int:
    """Count a category in a group of `size` patients."""
    counts = quota(variable, group) if variable not in ORGANS else {"yes": quota(variable, group)["yes"]}
    total = GROUP_SIZES["long_term" if group == "long_term" else "short_term"]
    return round(counts[category] * size / total)
