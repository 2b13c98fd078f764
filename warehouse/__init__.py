"""Where the data lives: the DuckDB file, its tables, its migrations and the views that are queried."""
