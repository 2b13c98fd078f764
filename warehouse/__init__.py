"""Where the data lives: the DuckDB file, its tables, its migrations and the views that are queried.

`file` opens and locks it, `model` states its tables, `migrations` change them, `reference` fills the reference data, `views`
builds what is queried, `reading` asks it.
"""
