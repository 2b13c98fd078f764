"""The compiler: from a mapping to readable SQL."""
