"""How many patients a printed mean is of."""

from etl.study.audit.figure import Figure, split_level
from etl.study.audit.printed import Printed


def members(printed: Printed, figure: Figure) -> list[int]:
    """Every number of patients that a mean can be of: printed for its row, its `part_of` level's count, or the group."""
    for each in printed.find("denominator"):
        if (each.home, each.variable, each.group) == (figure.home, figure.variable, figure.group) and each.value:
            return [int(each.value)]
    if figure.part_of:
        count = printed.count(*split_level(figure.part_of), figure.group)
        return [] if count is None else [count]
    sizes = [printed.sizes.get(figure.group), printed.fitted.get(figure.group)]
    return [size for size in dict.fromkeys(sizes) if size] or sorted(printed.sizes_of(figure.group))
