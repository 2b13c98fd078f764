"""Alembic's migrations of the warehouse: frozen, never importing the models; `make migration` drafts the next one."""
