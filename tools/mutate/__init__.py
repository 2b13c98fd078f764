"""Mutation testing: change the programs one place at a time and see whether the tests notice."""
