"""What members and the team see of moderation, in plain words."""
