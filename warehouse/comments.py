"""Comments on tables and columns, which `hcc describe` shows. CREATE OR REPLACE loses them, so they are set often."""

from collections.abc import Mapping

import duckdb

from warehouse.quoting import quote_name, quote_text


def set_comments(
    con: duckdb.DuckDBPyConnection, relation: str, comment: str | None, columns: Mapping[str, str]
) -> None:
    """Set the comments of one table or view (`schema.name`) where they differ from what is there."""
    schema, name = relation.split(".")
    kind, present = _present_comment(con, schema, name)
    statements = [f"COMMENT ON {kind} {relation} IS {quote_text(comment)}"] if comment != present else []
    present_columns = dict(
        con.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = current_database() "
            "AND schema_name = ? AND table_name = ?",
            [schema, name],
        ).fetchall()
    )
    statements += [
        f"COMMENT ON COLUMN {relation}.{quote_name(column)} IS {quote_text(text)}"
        for column, text in columns.items()
        if present_columns[column] != text
    ]
    if statements:
        con.execute(";\n".join(statements))


def comment_new_table(con: duckdb.DuckDBPyConnection, relation: str, comment: str, columns: Mapping[str, str]) -> None:
    """Set the comments of a table that was just made: it has none, so nothing needs to be looked up."""
    statements = [f"COMMENT ON TABLE {relation} IS {quote_text(comment)}"]
    statements += [
        f"COMMENT ON COLUMN {relation}.{quote_name(name)} IS {quote_text(columns[name])}" for name in columns
    ]
    con.execute(";\n".join(statements))


def _present_comment(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> tuple[str, str | None]:
    row = con.execute(
        """
        SELECT 'TABLE', comment FROM duckdb_tables()
        WHERE database_name = current_database() AND schema_name = $schema AND table_name = $name
        UNION ALL
        SELECT 'VIEW', comment FROM duckdb_views()
        WHERE database_name = current_database() AND schema_name = $schema AND view_name = $name
        """,
        {"schema": schema, "name": name},
    ).fetchone()
    assert row is not None, f"{schema}.{name} does not exist"
    return row[0], row[1]
