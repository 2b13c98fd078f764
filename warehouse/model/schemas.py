"""The schemas of the warehouse, and what each holds; DuckDB keeps no comment of a schema, so `hcc describe` reads them here."""

import duckdb

SCHEMAS = {
    "analysis": "What the study asks and answers: the cohort, tables, curves, models. Start here.",
    "clinical": "What the clinical rules say of every patient, visit, event and laboratory result.",
    "current": "The rows of every hospital's current load, in the canonical model.",
    "study": "What statistical libraries computed; analysis.result shows all of it.",
    "quality": "What was found on the way: findings, quarantined rows, expectations, the ledger.",
    "audit": "Which delivery and load every row came from, and every attempt to bring one in.",
    "reference": "Code lists, criteria, study options and study files as tables.",
    "core": "The rows of all loads that are kept, older ones too.",
    "analysis_step": "Steps towards the tables of analysis; nobody need open it to use them.",
    "clinical_step": "Steps towards the tables of clinical, and options as columns; nobody need open it to use them.",
}
"""By name, in the order in which a statistician meets them; each with one sentence."""

DERIVED = ("clinical_step", "clinical", "analysis_step", "analysis")
"""Schemas whose tables are made from warehouse/views, which has a folder for each."""
STEPS = tuple(name for name in DERIVED if name.endswith("_step"))


def make_derived_schemas(con: duckdb.DuckDBPyConnection) -> None:
    """Make the schemas of the views where they are not there; their tables come with the next refresh."""
    for name in DERIVED:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")


def drop_step_schemas(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the schemas of steps, which older programs do not know."""
    for name in STEPS:
        con.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
