"""Other community software beside Kith, each in an environment of its own: `make bench-peers`."""
