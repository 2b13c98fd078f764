"""Deliveries: the folder of files that a hospital sent, its manifest and its fingerprint."""
