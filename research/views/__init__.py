"""Pages of research: each makes one domain call."""
