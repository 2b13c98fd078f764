"""The make-believe study: one truth, exporters that write it as each hospital would, and planted defects."""
