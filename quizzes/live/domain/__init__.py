"""The rules of a live room: pure functions over frozen data. No Django, no Channels, no Wagtail."""
