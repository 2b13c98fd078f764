"""Alembic's migrations of the warehouse: hand-written, frozen, never importing the models."""
