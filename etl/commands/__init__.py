"""The commands of `hcc`: each calls one function of the library and shows what it gives.

Nothing heavy is imported before a command runs, so that `hcc --help` answers at once.
"""
