"""Measurements of the assistant, as ratios within one run: `make bench`."""
