"""Every write of talk."""
