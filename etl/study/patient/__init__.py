"""One patient of the study, as a picture."""
