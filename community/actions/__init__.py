"""Every write of the persona world."""
