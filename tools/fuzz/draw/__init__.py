"""Draw inputs of each kind: whole ones, whose cells are known by construction, and damaged ones."""
