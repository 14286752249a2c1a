"""Every read of the persona world."""
