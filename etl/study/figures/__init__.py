"""Figures of a study: plain frames in, drawings out; no module here knows the warehouse or a study."""
