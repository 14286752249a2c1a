"""Forms of the private world."""
