"""The only door to qrcode: a QR as SVG for screens and paper, and as characters for a terminal."""

from __future__ import annotations

import io

import qrcode
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white around the code; ISO/IEC 18004 asks for four


def matrix(text: str) -> list[list[bool]]:
    """The modules of the code for `text`, without the quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def svg(text: str, label: str) -> SafeString:
    """An inline SVG of the code, scaled by CSS; `label` is what a screen reader says."""
    rows = matrix(text)
    size = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return mark_safe(  # noqa: S308 - label is escaped, the rest is ours
        f'<svg class="qr" role="img" aria-label="{escape(label)}" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path class="qr__ground" fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def terminal(text: str) -> str:
    """The code in half-block characters, for a dark or light terminal."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
