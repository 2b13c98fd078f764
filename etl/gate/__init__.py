"""The gate: what a mapped row must satisfy before it is staged, and what becomes of a row or a cell that does not.

The rows of a table are inserted into the warehouse in the load's open transaction and checked there, typed as they will
be kept: parse failures of the plan, the table's Pandera schema, keys, references to patients. What fails is set aside
with its address and every reason; what remains is what was checked.
"""
