"""Which columns of a file a text names, such as the `source_column` of a finding: one name, or several with `, ` between them."""


def columns_named(wanted: str) -> str:
    """Write a query for the columns that texts name: source_id, source_column (the text), name, position and letters.

    A header may hold `, ` itself. Where it and its own parts are all headers, the text means the longest of them.

    Args:
        wanted: a relation of source_id and source_column, each pair once.
    """
    text, found, longer = (_between_separators(each) for each in ("wanted.source_column", "found.name", "longer.name"))
    return f"""
        SELECT wanted.source_id, wanted.source_column, found.name, found.position, found.letters
        FROM {wanted} AS wanted
        INNER JOIN audit.source_column AS found
            ON wanted.source_id = found.source_id AND contains({text}, {found})
        WHERE NOT EXISTS (
            SELECT 1 FROM audit.source_column AS longer
            WHERE longer.source_id = wanted.source_id AND longer.name <> found.name AND contains(longer.name, ', ')
                AND contains({text}, {longer}) AND contains({longer}, {found})
                AND NOT contains(replace({text}, {longer}, ', , '), {found})
        )"""


def _between_separators(text: str) -> str:
    return f"(', ' || {text} || ', ')"
