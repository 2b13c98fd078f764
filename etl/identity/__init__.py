"""Identity: pseudonyms, dropped columns and the scan, applied before anything of a delivery is written."""
