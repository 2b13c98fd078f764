"""The figures that a paper prints, compared with our own numbers."""
