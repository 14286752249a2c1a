"""Where apps offer themselves to apps on their right: no import ever runs upward."""
