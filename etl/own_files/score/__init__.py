"""Scores of patients' values in a file, by the warehouse's rules."""
