"""What the team and members send in."""
