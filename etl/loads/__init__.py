"""Loads: the books of deliveries, loads and attempts; publishing, acceptances, going back."""
