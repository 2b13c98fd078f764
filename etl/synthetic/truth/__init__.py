"""The truth: what happened to the make-believe patients, in canonical form and lower than any table of the study."""
