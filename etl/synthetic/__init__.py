"""The synthetic study: one truth, exporters that write it as each hospital would, and planted defects."""
