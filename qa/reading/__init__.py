"""Passages → spans that may answer."""
