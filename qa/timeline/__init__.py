"""Who, or what, a subject had at which dates."""
