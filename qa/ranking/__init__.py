"""Candidates and what each is worth: which span answers, how sure that is."""
