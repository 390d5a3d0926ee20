"""Measurements that are reports, not tests: each module prints the figures that the documents quote."""
