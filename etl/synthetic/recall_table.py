"""The table of recall and false alarms: classes of defects down, hospitals across, caught of planted in each cell."""

from collections import Counter

from etl.synthetic.recall import Recall

_NOTE = """\
Every defect below was planted into a synthetic delivery, in the hospital's own format, and sent through the whole
pipeline. *Caught* means that the rule of the answer key found it at its address, or that the delivery was refused where
it must be. The address is file, record, line and column; in a workbook sheet, row and the cell as Excel shows it. Of
hidden rows and of a format it is the first of them. A harmless defect (columns in another order) counts as caught when
nothing was said of it. Each cell shows caught / planted; it is empty where the format cannot hold the defect, or
another stands for it. A false alarm is a clean row that was refused, or a clean record of which a finding speaks that
the clean delivery does not give rise to.
"""


def recall_rows(recall: Recall) -> tuple[list[str], list[list[str]]]:
    """Count what was caught of what was planted.

    Returns:
        the headers, and a row for each class in alphabetical order, one for all of them, one for the false alarms.
    """
    sites = list(dict.fromkeys(each.defect.site_id for each in recall.judged))
    planted = Counter((each.defect.kind, each.defect.site_id) for each in recall.judged)
    caught = Counter((each.defect.kind, each.defect.site_id) for each in recall.judged if each.is_caught)
    alarms = Counter(alarm.site_id for alarm in recall.false_alarms)

    def row(title: str, kinds: list[str]) -> list[str]:
        counts = [
            (sum(caught[kind, site] for kind in kinds), sum(planted[kind, site] for kind in kinds)) for site in sites
        ]
        counts.append((sum(found for found, _ in counts), sum(all_ for _, all_ in counts)))
        return [title, *(f"{found} / {all_}" if all_ else "" for found, all_ in counts)]

    kinds = sorted({kind for kind, _ in planted})
    rows = [row(kind, [kind]) for kind in kinds]
    rows.append(row("all", kinds))
    rows.append(["false alarms", *(str(alarms[site]) for site in sites), str(alarms.total())])
    return ["what was planted", *sites, "all"], rows


def recall_markdown(recall: Recall) -> str:
    """Write the table as a page of the docs; the command that makes it is named in it."""
    headers, rows = recall_rows(recall)
    lines = ["| " + " | ".join(headers) + " |", "|---|" + "---:|" * (len(headers) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return (
        f"# Recall and false alarms\n\nMade by `hcc recall {' '.join(headers[1:-1])} --write docs/explanation/recall.md`.\n\n"
        f"{_NOTE}\n"
        + "\n".join(lines)
        + f"\n\nClean rows loaded, of which none may be refused: {recall.clean_rows:,}.\n"
    )
