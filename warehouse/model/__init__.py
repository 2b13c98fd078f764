"""The tables of the warehouse, and how an older warehouse is brought up to date."""
