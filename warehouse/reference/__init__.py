"""Reference data and study options as tables."""
