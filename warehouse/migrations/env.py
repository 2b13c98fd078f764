"""Alembic's entry: runs the migrations on the connection that warehouse.model.upgrade hands over, in its transaction."""

from alembic import context
from alembic.ddl.impl import DefaultImpl


class DuckDBImpl(DefaultImpl):
    """Alembic's dealings with DuckDB; DDL takes part in transactions."""

    __dialect__ = "duckdb"
    transactional_ddl = True


context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="audit",
    version_table_pk=False,  # DuckDB refuses to change an indexed key twice in one transaction
)
context.run_migrations()
