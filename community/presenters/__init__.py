"""What pages show, in plain words."""
