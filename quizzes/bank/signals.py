"""What the bank tells whoever listens."""

from __future__ import annotations

from django.dispatch import Signal

key_corrected = Signal()
"""A published question got another key: `question`, `old_version`, `new_version`, `by` (a user or None).

Sent inside the transaction that publishes: a receiver that fails keeps the question from being published,
and what it writes is there together with the new version. Whoever has marked answers by the old version
opens the regrade here.
"""
