"""The file of the warehouse: opened, locked, written in transactions, rewritten."""
