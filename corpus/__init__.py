"""Articles: files on disk → `Article` → `Passage`."""
