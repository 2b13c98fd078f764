"""Staging: a landed delivery goes through map and gate into `core`, and the ledger accounts for every row."""
