"""Pages of the persona world: each makes one domain call."""
