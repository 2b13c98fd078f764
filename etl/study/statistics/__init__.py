"""Statistics of a study: numpy arrays in, frozen dataclasses out; no warehouse and no study is known here."""
