"""Rosters by Excel: read, compare, apply, undo."""
