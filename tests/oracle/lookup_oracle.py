"""Look-ups read slowly and plainly: every record is compared with every record there, one after the other."""

from datetime import date

import mapping_oracle as oracle

FIRST, LAST = date.min, date.max


def look_up(
    key: tuple[str | None, ...],
    day: date | None,
    there: list[dict[str, str | None]],
    keys: list[str],
    formats: list[str],
    *,
    taken: list[str],
) -> tuple[dict[str, str | None] | None, str | None]:
    """Find the one record that matches a key on a day; the rule that is broken when there is none, or when several do not
    say the same in the columns taken."""
    found, surely = [], True
    for record in there:
        if None in key or day is None or tuple(record[name] for name in keys) != key:
            continue
        first, is_first_read = _end(record["since"], FIRST, formats)
        last, is_last_read = _end(record["until"], LAST, formats)
        if first <= day <= last:
            found.append(record)
            surely = surely and is_first_read and is_last_read
    if not found:
        return None, "lookup_missed"
    answers = [[record[name] for name in taken] for record in found]
    return (
        (found[0], None) if all(answer == answers[0] for answer in answers) and surely else (None, "lookup_ambiguous")
    )


def _end(text: str | None, open_end: date, formats: list[str]) -> tuple[date, bool]:
    """An end of a range, and whether it could be read; one that could not may be anywhere."""
    if text is None:
        return open_end, True
    try:
        return oracle.day(text, formats)[0], True
    except oracle.UnreadableError:
        return open_end, False
