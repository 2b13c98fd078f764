"""Study files: read, checked and loaded into the warehouse."""
