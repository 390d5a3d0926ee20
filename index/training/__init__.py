"""How the shipped encoder is built; nothing here is imported when a question is asked."""
