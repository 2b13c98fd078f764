"""Delimited text, and REDCap's exports of it."""
