"""Finding passages: vectors, postings, fusion, and the index on disk."""
