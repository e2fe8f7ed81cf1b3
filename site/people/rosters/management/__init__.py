"""Commands of rosters."""
