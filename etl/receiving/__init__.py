"""Receiving a delivery: read it, take identities out, land it, and name all that its rows depend on."""
