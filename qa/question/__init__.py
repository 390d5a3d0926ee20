"""A question: what it asks for, and the time it speaks of."""
