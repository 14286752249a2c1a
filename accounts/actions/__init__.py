"""Every write of the private world."""
