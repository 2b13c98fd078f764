"""Times to events of patients' dates in a file, by the warehouse's rules."""
