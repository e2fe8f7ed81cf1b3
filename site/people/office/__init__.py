"""The officers' screens of people and organisations, inside Wagtail."""
