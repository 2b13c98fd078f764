"""Derivation: what follows from loads, whether it is up to date, and how it is made so."""
