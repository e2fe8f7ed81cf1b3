"""The hash chain of the audit log. Pure: no Django.

Each entry's hash covers its own content and the hash before it, so that an entry changed, removed or
put between two others shows at that place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64


def seal(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the entry's canonical JSON, as 64 hex digits."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
