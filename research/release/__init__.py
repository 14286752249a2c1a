"""What leaves a study in files: how it is made less telling, and checked, before anybody gets it."""
