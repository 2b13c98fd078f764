"""When a hospital stands apart from the others, in the scale of a quantity as in the filling of a column."""

LEAST_SITES = 2
"""With one other hospital nobody can say which of the two is off; from two on there is a middle to stand apart from."""

LEAST_DISTANCE = 3.0
"""A hospital stands apart when it is so many times as far from the others' middle as they are on average."""
