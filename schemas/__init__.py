"""What the data is: the canonical model, its code lists and its reference data, each stated once."""
