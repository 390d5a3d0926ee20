"""Everything that is shown: every word, every form."""
