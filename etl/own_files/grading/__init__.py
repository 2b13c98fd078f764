"""The clinical rules on a CSV file that anyone may have: the warehouse's own SQL, and no warehouse."""
