"""Answers: reading, time, citations, verification, and the command line."""
