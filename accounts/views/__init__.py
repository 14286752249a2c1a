"""Pages of the private world: each makes one domain call."""
