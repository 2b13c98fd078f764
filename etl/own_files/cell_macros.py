"""DuckDB macros that parse a typed cell as a number, a day, a boolean or a name, in the same way for all commands.

A cell that is none of these becomes NULL; the caller distinguishes it from an empty one. Numbers are exact to nine
decimals; the rounding errors of spreadsheets (3.5999999999999996) are rounded away.
"""

import duckdb

_MACROS = (
    # 1,200 and 1,5 are each ambiguous, and 12_000 or infinity are not what a laboratory writes.
    r"is_plain_number(cell) AS regexp_full_match(trim(cell), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')",
    "plain_number(cell) AS CASE WHEN is_plain_number(cell) THEN TRY_CAST(trim(cell) AS DECIMAL(24, 9)) END",
    "filled(cell) AS nullif(trim(cell), '') IS NOT NULL",
    "is_wrong_number(cell) AS filled(cell) AND plain_number(cell) IS NULL",
    """plain_day(cell) AS CASE
        WHEN plain_number(cell) = round(plain_number(cell)) AND abs(plain_number(cell)) < 1000000
            THEN CAST(plain_number(cell) AS BIGINT)
    END""",
    # From 1900 to 2100, as in the warehouse: 0000-03-05 and 9999-12-31 stand for no day.
    r"""plain_date(cell) AS CASE
        WHEN
            regexp_full_match(trim(cell), '(19[0-9]{2}|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}')
            THEN CAST(try_strptime(trim(cell), '%Y-%m-%d') AS DATE)
    END""",
    # A length in millimetres, as exact as in the warehouse.
    """plain_length(cell) AS CASE
        WHEN plain_number(cell) = round(plain_number(cell), 6) AND plain_number(cell) BETWEEN 0 AND 9999
            THEN CAST(plain_number(cell) AS DECIMAL(12, 6))
    END""",
    """yes_no(cell) AS CASE
        WHEN lower(trim(cell)) IN ('yes', 'y', 'true', '1') THEN true
        WHEN lower(trim(cell)) IN ('no', 'n', 'false', '0') THEN false
    END""",
    "is_wrong_yes_no(cell) AS filled(cell) AND yes_no(cell) IS NULL",
    r"plain_name(cell) AS regexp_replace(lower(trim(cell)), '\s+', ' ', 'g')",
    # "4.03", "v4", "CTCAE 3.0", "NCI-CTC v. 5.0"; 4.02 differs from 4.0 in its wording alone.
    r"""plain_ctcae_version(cell) AS CASE
        regexp_extract(lower(trim(cell)), '^(?:(?:nci|ctcae|ctc|version|ver|v)[ ._-]*)*([0-9]+(?:[.][0-9]+)?)$', 1)
        WHEN '3' THEN '3.0' WHEN '3.0' THEN '3.0'
        WHEN '4' THEN '4.0' WHEN '4.0' THEN '4.0' WHEN '4.02' THEN '4.0' WHEN '4.03' THEN '4.03'
        WHEN '5' THEN '5.0' WHEN '5.0' THEN '5.0'
    END""",
)


def make_cell_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Make the macros in a database."""
    for macro in _MACROS:
        con.execute(f"CREATE MACRO {macro}")
