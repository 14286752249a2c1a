"""Every read of the private world."""
