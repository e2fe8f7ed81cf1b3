"""`manage.py start` and `manage.py serve`."""
