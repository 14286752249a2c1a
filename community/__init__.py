"""Groups and the faces people wear in them: charters, members, personas, who is here, services."""
