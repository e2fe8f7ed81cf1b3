"""Figures as an officer reads them."""

from __future__ import annotations

import math

from django import template

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.617 → 62%; nothing known → —."""
    return "—" if value is None else f"{value * 100:.0f}%"


@register.filter
def decimal(value: float | None) -> str:
    """0.4142 → 0.41; nothing known → —."""
    return "—" if value is None else f"{round(value, 2) + 0:.2f}"  # -0.0 + 0 is 0.0


@register.filter
def at_most(seconds: float | None) -> str:
    """A median time by the bound of its class: 15.0 → ≤ 15 秒."""
    if seconds is None:
        return "—"
    return "> 10 分钟" if math.isinf(seconds) else f"≤ {seconds:.0f} 秒"
