"""Grade laboratory results and adverse events in a CSV file by CTCAE: the warehouse's own SQL, without a warehouse."""
