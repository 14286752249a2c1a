"""Forms of research: shape and words, not permission."""
