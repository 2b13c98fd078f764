"""Loads: the audit tables of deliveries, loads and attempts; publishing, acceptances, rollback."""
