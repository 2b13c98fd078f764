"""The report on a load: one page that answers whether a delivery may be trusted, and lists for the command line."""
