"""The rules of response on a file of one's own, without a warehouse: the same SQL, over rows read from a CSV file."""
