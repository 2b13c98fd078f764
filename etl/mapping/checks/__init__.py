"""What can be wrong with a mapping before any value is read."""
