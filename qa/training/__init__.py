"""How the shipped reader is trained; nothing here is imported when a question is asked."""
