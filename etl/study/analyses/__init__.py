"""The statistics that a study file asks for, run over its patients."""
