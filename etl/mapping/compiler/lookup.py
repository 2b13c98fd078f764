"""Look-ups: join columns of another source, or of a CSV table of the site, to each record.

A look-up never makes two rows of one. What is looked up in is first reduced to one row for each key (and, where it applies
to a range of days, for each span of days in which the same records apply), with the number of its different answers; only
then is it joined. Equal records there are one answer. A record for which there is no answer, or more than one, gets
nothing and is reported.
"""

from dataclasses import replace

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.dates import parse_date
from etl.mapping.compiler.missing import clean_text, without_missing
from etl.mapping.compiler.numbers import number_form, number_text
from etl.mapping.compiler.operation import RECORDS, Failure
from etl.mapping.compiler.slots import Step
from etl.mapping.language.column_mapping import NumberFormat
from etl.mapping.language.lookup_forms import Effective, Lookup, LookupOrder
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.table_mapping import TableMapping

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
"""The days that replace the open ends of a range."""


def lookup_steps(mapping: SiteMapping, part: TableMapping, kept: exp.Select, *, last: str = RECORDS) -> list[Step]:
    """Write the CTEs that join every look-up's columns to the records that count; the last one is named `last`.

    `kept` selects these records, whatever came before; each look-up can use the columns of those above it.
    """
    rows = last if not part.lookup else "records"
    steps = [(rows, kept)]
    for number, lookup in enumerate(part.lookup, start=1):
        looked_up, result = f"lookup_{number}", last if number == len(part.lookup) else f"records_{number}"
        steps += _text_steps(mapping, lookup, looked_up)
        if lookup.order_by is not None:
            steps += _ordered_steps(mapping, lookup, lookup.order_by, looked_up)
        elif lookup.effective is None:
            steps.append((looked_up, _by_key(lookup, f"{looked_up}_source")))
        else:
            steps += _span_steps(lookup, lookup.effective, looked_up)
            steps.append((f"{rows}_dated", _dated(lookup.effective, rows, number)))
            rows = f"{rows}_dated"
        steps.append((result, _joined(lookup, rows, looked_up, number)))
        rows = result
    return steps


def lookup_failures(part: TableMapping) -> tuple[Failure, ...]:
    """Report where a look-up found nothing, or too much. A miss that only follows from an earlier one is not reported."""
    failures: list[Failure] = []
    earlier: set[str] = set()
    for number, lookup in enumerate(part.lookup, start=1):
        matches = sql.column(_matches(number), RECORDS)
        cells = [sql.column(name, RECORDS) for name in lookup.columns_here]
        found = sql.call("NULLIF", sql.call("CONCAT_WS", sql.text(", "), *cells), sql.text(""))
        expected = sql.text(f"{lookup.source} ({', '.join((*lookup.match, *lookup.where.values()))})")
        is_missed: list[exp.Expr] = [sql.is_empty(matches)]
        is_missed += [sql.is_filled(sql.column(name, RECORDS)) for name in lookup.columns_here if name in earlier]
        if lookup.effective is not None:
            is_unread = _is_unread(lookup.effective, number)
            is_missed.append(exp.not_(exp.paren(is_unread)))
            failures.append(_unread(lookup.effective, is_unread))
        if not lookup.optional:
            failures.append(Failure("lookup_missed", sql.all_of(is_missed), found, expected, None, lookup.columns_here))
        is_ambiguous = exp.GT(this=matches, expression=exp.Literal.number(1))
        failures.append(Failure("lookup_ambiguous", is_ambiguous, found, expected, None, lookup.columns_here))
        earlier |= lookup.take.keys()
    return tuple(failures)


def with_real_names(part: TableMapping, failure: Failure) -> Failure:
    """Name the columns of a failure as the hospital does: one that was looked up by its name there."""
    return replace(failure, source_columns=tuple(real_name(part, name) for name in failure.source_columns))


def real_name(part: TableMapping, name: str) -> str:
    """Name a column that a look-up brings as it is named there, with the place; any other by its own name."""
    lookup = part.brought.get(name)
    return f"{lookup.take[name]} ({lookup.source})" if lookup else name


def _text_steps(mapping: SiteMapping, lookup: Lookup, looked_up: str) -> list[Step]:
    """Clean what is looked up in as the records are cleaned, and name its columns by what they are for."""
    table = sql.lookup_table(mapping.csv_tables[lookup.source].name, "there") if lookup.is_of_table else None
    table = table or sql.scratch(lookup.source, "there")
    trimmed = [clean_text(sql.column(name, "there")).as_(name, quoted=True) for name in lookup.columns_there]
    known = [
        without_missing(sql.column(there, f"{looked_up}_trimmed"), mapping.missing).as_(name, quoted=True)
        for name, there in _roles(lookup).items()
    ]
    source = exp.select(*known).from_(f"{looked_up}_trimmed")
    if lookup.where:
        holds = (
            exp.EQ(this=sql.column(name, f"{looked_up}_trimmed"), expression=sql.text(word.strip()))
            for name, word in lookup.where.items()
        )
        source = source.where(sql.all_of(holds))
    return [(f"{looked_up}_trimmed", exp.select(*trimmed).from_(table)), (f"{looked_up}_source", source)]


def _roles(lookup: Lookup) -> dict[str, str]:
    """Pair what each column there is for with its name: keys, ends of the range, columns to take."""
    roles = dict(zip(_keys(lookup), lookup.match, strict=True))
    if lookup.effective and lookup.effective.begins:
        roles["_begins"] = lookup.effective.begins
    if lookup.effective and lookup.effective.ends:
        roles["_ends"] = lookup.effective.ends
    if lookup.order_by:
        roles["_order"] = lookup.order_by.column
    return roles | lookup.take


def _ordered_steps(mapping: SiteMapping, lookup: Lookup, order: LookupOrder, looked_up: str) -> list[Step]:
    """Select the first or the last record of each key, and those at the same place in the order.

    A record without a place is taken where no record of its key has one. A place that cannot be read may be any, so the key
    is ambiguous.
    """
    keys: list[exp.Expr] = [sql.column(key) for key in _keys(lookup)]
    text = sql.column("_order")
    if order.date is not None:
        place = parse_date(text, order.date)
    else:
        decimal = "." if lookup.is_of_table else mapping.sources[lookup.source].decimal
        form = number_form(decimal=decimal, declared=NumberFormat(), is_whole=False)
        place = sql.try_cast(number_text(text, form, decimal=decimal, declared=NumberFormat()), "DECIMAL(18,6)")
    best = exp.Max(this=sql.column("_place")) if lookup.keep == "last" else exp.Min(this=sql.column("_place"))
    size = exp.Count(this=exp.Star())
    among = [exp.Window(this=each, partition_by=[key.copy() for key in keys]) for each in (best, size)]
    is_several = exp.GT(this=sql.column("_size"), expression=exp.Literal.number(1))
    unread = sql.all_of((is_several, sql.is_filled(text), sql.is_empty(sql.column("_place"))))
    is_best = exp.NullSafeEQ(this=sql.column("_place"), expression=sql.column("_best"))
    placed, ranked, kept = f"{looked_up}_placed", f"{looked_up}_ranked", f"{looked_up}_kept"
    counted = [window.as_(name, quoted=True) for window, name in zip(among, ("_best", "_size"), strict=True)]
    is_kept = sql.any_of((is_best, exp.paren(unread.copy())))
    return [
        (placed, exp.select("*", place.as_("_place", quoted=True)).from_(f"{looked_up}_source")),
        (ranked, exp.select("*", *counted).from_(placed)),
        (kept, exp.select("*", unread.as_("_is_unread", quoted=True)).from_(ranked).where(is_kept)),
        (looked_up, _by_key(lookup, kept, unread=sql.call("COUNT_IF", sql.column("_is_unread")))),
    ]


def _by_key(lookup: Lookup, source: str, *, unread: exp.Expr | None = None) -> exp.Select:
    """Reduce what is looked up in to one row for each key; cells there that cannot be read count as further answers."""
    count = _answers(lookup) if unread is None else exp.Add(this=_answers(lookup), expression=unread)
    keys = [sql.column(key) for key in _keys(lookup)]
    select = exp.select(*keys, count.as_("_matches"), *_taken(lookup, count)).from_(source)
    return select.where(sql.all_of(map(sql.is_filled, keys))).group_by(*keys)


def _span_steps(lookup: Lookup, effective: Effective, looked_up: str) -> list[Step]:
    """Reduce what is looked up in to one row for each key and span of days in which the same records apply.

    A range whose end cannot be read may apply on any day that its other end allows: every match with it is ambiguous.
    """
    keys = [sql.column(key) for key in _keys(lookup)]
    begins, ends = (
        sql.column(name) if given else None
        for name, given in (("_begins", effective.begins), ("_ends", effective.ends))
    )
    unread = [
        sql.all_of((sql.is_filled(end), sql.is_empty(parse_date(end, effective.formats_there))))
        for end in (begins, ends)
        if end is not None
    ]
    ranges = exp.select(
        *keys,
        *(sql.column(name) for name in lookup.take),
        _end(begins, FIRST_DAY, effective).as_("_first_day", quoted=True),
        _end(ends, LAST_DAY, effective).as_("_last_day", quoted=True),
        sql.any_of(unread).as_("_is_unread", quoted=True),
    )
    after = exp.Add(this=sql.column("_last_day"), expression=exp.Literal.number(1))
    edges = exp.Explode(this=exp.Array(expressions=[sql.column("_first_day"), after]))
    following = exp.Window(
        this=exp.Lead(this=sql.column("_edge")),
        partition_by=[key.copy() for key in keys],
        order=exp.Order(expressions=[exp.Ordered(this=sql.column("_edge"), nulls_first=False)]),
    )
    until = exp.Sub(this=following, expression=exp.Literal.number(1))
    return [
        (f"{looked_up}_ranges", ranges.from_(f"{looked_up}_source").where(sql.all_of(map(sql.is_filled, keys)))),
        (f"{looked_up}_edges", exp.select(*keys, edges.as_("_edge", quoted=True)).distinct().from_(f"{looked_up}_ranges")),
        (f"{looked_up}_spans", exp.select(*keys, sql.column("_edge"), until.as_("_until", quoted=True))
         .from_(f"{looked_up}_edges")),
        (looked_up, _by_span(lookup, looked_up)),
    ]  # fmt: skip


def _end(end: exp.Expr | None, open_end: str, effective: Effective) -> exp.Expr:
    day = sql.cast(sql.text(open_end), "DATE")
    return day if end is None else sql.call("COALESCE", parse_date(end, effective.formats_there), day)


def _by_span(lookup: Lookup, looked_up: str) -> exp.Select:
    spans, ranges = f"{looked_up}_spans", f"{looked_up}_ranges"
    unread = sql.call("COUNT_IF", sql.column("_is_unread", ranges))
    count = exp.Add(this=_answers(lookup, ranges), expression=unread)
    own = [sql.column(name, spans) for name in (*_keys(lookup), "_edge", "_until")]
    edge = sql.column("_edge", spans)
    holds: list[exp.Expr] = [
        exp.EQ(this=sql.column(key, ranges), expression=sql.column(key, spans)) for key in _keys(lookup)
    ]
    holds += [
        exp.LTE(this=sql.column("_first_day", ranges), expression=edge),
        exp.GTE(this=sql.column("_last_day", ranges), expression=edge.copy()),
    ]
    select = exp.select(*own, count.as_("_matches"), *_taken(lookup, count, ranges)).from_(spans)
    return select.join(exp.Join(this=exp.to_table(ranges), on=sql.all_of(holds))).group_by(*(c.copy() for c in own))


def _answers(lookup: Lookup, table: str | None = None) -> exp.Expr:
    """Count the different answers of the matching records."""
    said = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(f"said_{place}"), expression=sql.column(name, table))
            for place, name in enumerate(lookup.take, start=1)
        ]
    )
    return exp.Count(this=exp.Distinct(expressions=[said]))


def _taken(lookup: Lookup, count: exp.Expr, table: str | None = None) -> list[exp.Expr]:
    """Take a column's value where there is one answer."""
    is_one = exp.EQ(this=count.copy(), expression=exp.Literal.number(1))
    return [
        sql.when(is_one, sql.call("ANY_VALUE", sql.column(name, table))).as_(name, quoted=True) for name in lookup.take
    ]


def _dated(effective: Effective, rows: str, number: int) -> exp.Select:
    """Parse the record's day once, for the join and for the findings."""
    day = parse_date(sql.column(effective.date, rows), effective.formats)
    return exp.select(f"{rows}.*", day.as_(_day(number), quoted=True)).from_(rows)


def _joined(lookup: Lookup, rows: str, looked_up: str, number: int) -> exp.Select:
    fits: list[exp.Expr] = [
        exp.EQ(this=sql.column(here, rows), expression=sql.column(key, looked_up))
        for key, here in zip(_keys(lookup), lookup.match.values(), strict=True)
    ]
    if lookup.effective is not None:
        day = sql.column(_day(number), rows)
        fits += [
            exp.GTE(this=day, expression=sql.column("_edge", looked_up)),
            exp.LTE(this=day.copy(), expression=sql.column("_until", looked_up)),
        ]
    taken = [sql.column(name, looked_up) for name in lookup.take]
    matches = sql.column("_matches", looked_up).as_(_matches(number), quoted=True)
    join = exp.Join(this=exp.to_table(looked_up), side="LEFT", on=sql.all_of(fits))
    return exp.select(f"{rows}.*", *taken, matches).from_(rows).join(join)


def _is_unread(effective: Effective, number: int) -> exp.Expr:
    text, day = sql.column(effective.date, RECORDS), sql.column(_day(number), RECORDS)
    return sql.all_of((sql.is_filled(text), sql.is_empty(day)))


def _unread(effective: Effective, is_unread: exp.Expr) -> Failure:
    found, expected = sql.column(effective.date, RECORDS), sql.text(", ".join(effective.formats))
    return Failure("not_a_date", is_unread, found, expected, source_columns=(effective.date,))


def _keys(lookup: Lookup) -> list[str]:
    return [f"_key_{position}" for position in range(1, len(lookup.match) + 1)]


def _matches(number: int) -> str:
    return f"_matches_{number}"


def _day(number: int) -> str:
    return f"_day_{number}"
