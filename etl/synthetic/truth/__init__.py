"""The truth: what happened to the synthetic patients, in canonical form and lower than any table of the study."""
