"""The views `clinical` and `analysis`: SQL files, and the programs that build them."""
