"""The study: from the patients' rows to tables, statistics, figures and a report."""
