"""What findings have in common that are one cause, in SQL over quality.source_finding: rule, file and source column."""

WHOLE = "CASE WHEN source_record IS NULL AND source_column IS NULL THEN touches END"
"""What stands in for the source column where a finding has neither record nor column: what it touches in the model."""

CAUSE_KEY = f"rule, file, sheet, source_column, {WHOLE}"
"""Of one cause are the findings of a load that agree in all of these."""
