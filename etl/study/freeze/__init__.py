"""The frozen data set: a study's inputs, locked in a folder, checked by hashes, and opened again as a warehouse."""
