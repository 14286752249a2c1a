"""Every read of moderation."""
