"""What the commands need before and around their work."""
