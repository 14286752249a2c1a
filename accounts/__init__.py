"""The private world: who you are to the server. Nothing else may import it but the wiring and the linkage module."""
