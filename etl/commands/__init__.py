"""The commands of `hcc`: each calls one function of the library and shows its result.

No slow package is imported before a command runs, so that `hcc --help` answers at once.
"""
