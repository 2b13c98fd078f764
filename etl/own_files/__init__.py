"""Apply the clinical rules (CTCAE grades, mRECIST response) to any CSV file, without a warehouse."""
