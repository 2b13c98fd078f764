"""The same quantity printed twice: with two values, with two ranges, or under two names."""

import re
from collections.abc import Iterator
from itertools import combinations

from etl.study.audit.figure import RATIOS, Figure
from etl.study.audit.finding import EXPLAINED, Finding, finding
from etl.study.audit.printed import Printed

Key = tuple[str, str, str, str, str]


def check_printed_twice(printed: Printed) -> Iterator[Finding]:
    """Report a quantity of which the prints cannot be the same number.

    Two figures are of one quantity when statistic, variable, level, group and analysis are the same, and for ratios
    and p values the method too, where it is stated.
    """
    by_key: dict[Key, list[Figure]] = {}
    for each in printed.figures:
        if each.value is not None and each.statistic not in {"reference", "size"}:
            by_key.setdefault(_key(each), []).append(each)
    for sizes in _by_group(printed).values():
        yield from _differing(sizes)
    for key, figures in by_key.items():
        centres = by_key.get(("centre", *key[1:]), []) if key[0] in {"mean", "median"} else []
        yield from _differing(figures)
        for first, centre in ((figures[0], each) for each in centres):
            if not first.overlaps(centre):
                yield _centre_differs(printed, first, centre)


def check_labels(printed: Printed) -> Iterator[Finding]:
    """Report a level that is printed with two ranges of numbers, such as > 25 and 25-30."""
    by_level: dict[tuple[str, str], dict[tuple[str, ...], list[Figure]]] = {}
    for each in printed.figures:
        edges = _range(each.level)
        if edges:
            by_level.setdefault((each.variable, each.level_code), {}).setdefault(edges, []).append(each)
    for (variable, code), labels in by_level.items():
        if len(labels) > 1:
            firsts = [figures[0] for figures in labels.values()]
            shown = " and ".join(f"{each.level} ({each.home})" for each in firsts)
            figures = [figure for each in labels.values() for figure in each]
            sentence = f"{variable}: level {code} is printed as {shown}."
            yield finding("label", figures, shown, sentence, questioned=())


def check_names(printed: Printed) -> Iterator[Finding]:
    """Note one and the same ratio that is printed under names without a common word."""
    by_key: dict[tuple[Key, str], list[Figure]] = {}
    for each in printed.find(*RATIOS):
        by_key.setdefault((_key(each), each.printed.strip()), []).append(each)
    for figures in by_key.values():
        apart = [pair for pair in combinations(figures, 2) if not _words(pair[0].row) & _words(pair[1].row)]
        if apart:
            names = dict.fromkeys(f"'{each.row}' ({each.home})" for pair in apart for each in pair)
            both = dict.fromkeys(each for pair in apart for each in pair)
            sentence = f"{figures[0].printed} is printed as the figure of {', '.join(names)}."
            yield finding("names", both, ", ".join(names), sentence, EXPLAINED)


def _key(figure: Figure) -> Key:
    return figure.statistic, figure.variable, figure.level_code, figure.group, figure.analysis_id


def _by_group(printed: Printed) -> dict[str, list[Figure]]:
    sizes: dict[str, list[Figure]] = {}
    for each in printed.find("size"):
        sizes.setdefault(each.group, []).append(each)
    return sizes


def _differing(figures: list[Figure]) -> Iterator[Finding]:
    clashing = [pair for pair in combinations(figures, 2) if _are_comparable(*pair) and not pair[0].overlaps(pair[1])]
    if clashing:
        both = list(dict.fromkeys(each for pair in clashing for each in pair))
        prints: dict[str, list[str]] = {}
        for each in both:
            prints.setdefault(each.printed, []).append(each.home)
        shown = ", ".join(f"{text} ({', '.join(dict.fromkeys(homes))})" for text, homes in prints.items())
        what = " ".join(
            word for word in (both[0].statistic, "of", both[0].variable, both[0].level_code, both[0].group) if word
        )
        yield finding("printed_twice", both, shown, f"The {what} is printed as {shown}.")


def _are_comparable(first: Figure, second: Figure) -> bool:
    if first.statistic in {"p", "low", "high", *RATIOS}:
        return first.method == second.method or "" in (first.method, second.method)
    return True


def _centre_differs(printed: Printed, first: Figure, centre: Figure) -> Finding:
    sd = printed.companion(first, "sd")
    apart = max(first.low - centre.high, centre.low - first.high)
    as_median = (
        f" Nor can {centre.printed} be the median, which lies within one standard deviation ({sd.printed}) of the mean."
        if sd and first.statistic == "mean" and apart > sd.high
        else ""
    )
    return finding(
        "printed_twice",
        [centre, first, *([sd] if sd else [])],
        f"{centre.printed}, {first.printed}",
        f"{first.variable} ({first.group}) is printed as {centre.printed} ({centre.home}) and as {first.statistic} "
        f"{first.printed} ({first.home}).{as_median}",
        questioned=[centre, first],
    )


def _range(label: str) -> tuple[str, ...]:
    plain = re.sub(r"[,\s%]", "", label).replace("–", "-").replace("≤", "<=").replace("≥", ">=")
    match = re.fullmatch(r"(?:(<=|>=|<|>)(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?))(?:[^\d].*)?", plain)
    return tuple(part or "" for part in match.groups()) if match else ()


def _words(row: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{3,}", row.lower())}
