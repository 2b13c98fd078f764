"""Asking the warehouse, read-only."""
