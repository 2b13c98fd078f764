"""Alembic's migrations of the warehouse: frozen, never importing the models; `draft` writes the next one."""
