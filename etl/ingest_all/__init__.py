"""All hospitals in one run: each for itself, published together."""
