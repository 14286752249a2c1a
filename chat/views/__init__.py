"""Pages of talk: each makes one domain call."""
