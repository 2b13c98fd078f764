"""Response by mRECIST for a CSV file, without a warehouse: the same SQL, over rows read from the file."""
