"""Fuzzers: drawn and damaged inputs, each read by this project and by a second reader, and compared cell by cell."""
