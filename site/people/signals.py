"""What the people room tells those above it."""

from __future__ import annotations

from django.dispatch import Signal

rights_changed = Signal()
"""Sent with `user` after a role was given or taken or the account switched on or off; the CMS brings its
groups in line, and a closed account is logged out."""
