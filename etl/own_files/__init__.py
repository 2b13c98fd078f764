"""A colleague's own CSV files, graded and judged by the rules without a warehouse."""
