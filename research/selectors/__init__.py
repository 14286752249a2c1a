"""Every read of research."""
