"""Colour rules of the topic accents. Pure but for the error class."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_with_white(colour: str) -> float:
    """Contrast ratio of white text on `colour`, 1 to 21 (WCAG 2.2)."""
    return 1.05 / (luminance(colour) + 0.05)


def readable_on_white(colour: str) -> None:
    """Refuse a colour on which white text cannot be read."""
    try:
        ratio = contrast_with_white(colour)
    except ValueError:
        return  # the pattern's own message is enough
    if ratio < 4.5:
        raise ValidationError(f"这个颜色太浅：白字对比度只有 {ratio:.1f}，至少要 4.5，请换深一些。")
