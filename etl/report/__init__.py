"""The report on a load: one page that answers whether a delivery may be trusted, and lists for the command line."""

from etl.report.lists import list_findings, list_quarantined
from etl.report.write import write_report

__all__ = ["list_findings", "list_quarantined", "write_report"]
