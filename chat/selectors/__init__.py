"""Every read of talk: each takes who looks."""
