"""Benchmarks: speed and memory of the project, compared with hand-written SQL. Start with `__main__.py`."""
