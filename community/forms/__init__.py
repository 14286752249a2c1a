"""Forms of the persona world."""
