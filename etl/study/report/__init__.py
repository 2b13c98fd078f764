"""The report of a study: one page, its tables as files, and its results for programs; all from the warehouse."""
