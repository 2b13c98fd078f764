"""How good a staged load is: expectations by Kahn's categories and a search for implausible rows."""
