"""The officers' screens of the question bank, inside Wagtail."""
