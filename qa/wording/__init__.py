"""A question however it was typed → the question that is searched and read."""
