"""How fast, how large: the project side by side with hand-written SQL. Start with `__main__.py`."""
