"""The mapping language: what a hospital's columns mean, declared in YAML, checked, and compiled to SQL."""
