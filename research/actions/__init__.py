"""Every write of research."""
