"""What people send in to moderation."""
