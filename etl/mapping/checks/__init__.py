"""Checks of a mapping before any value is read."""
