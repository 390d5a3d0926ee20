"""Citations: where a quote stands, and whether it still does."""
