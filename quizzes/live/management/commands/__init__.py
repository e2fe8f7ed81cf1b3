"""Management commands of the live room."""
