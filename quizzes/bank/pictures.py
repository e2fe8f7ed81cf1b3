"""Pictures of questions: checked, stripped of everything but the picture, and named by their content.

A file that came from outside is never kept as it came: it is decoded and written anew, so that place and
camera (EXIF), hidden parts and broken structures stay behind. Equal pictures are one file.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from quizzes.bank.models import QuestionPicture

FOLDER = "bank"
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""Four bytes each while a picture is decoded."""
LONGEST_SIDE = 2_000
NAME = re.compile(r"[0-9a-f]{64}\.(png|jpg|webp)")
# How each kind of file is written anew; of a moving GIF its first picture stays.
_WRITTEN = {"PNG": ("png", "PNG"), "JPEG": ("jpg", "JPEG"), "WEBP": ("webp", "WEBP"), "GIF": ("png", "PNG")}


class BadPicture(Exception):
    """`str()` says what is wrong with the file and what to do."""


def keep(data: bytes) -> QuestionPicture:
    """Keep a picture; the one that is there already when it is the same. Raises `BadPicture`."""
    clean, ending, size = _clean(data)
    name = f"{hashlib.sha256(clean).hexdigest()}.{ending}"
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(clean))
    picture, _made = QuestionPicture.objects.get_or_create(name=name, defaults={"width": size[0], "height": size[1]})
    return picture


def url_of(name: str) -> str:
    """The address of a picture; empty for a name that is no picture's."""
    return default_storage.url(f"{FOLDER}/{name}") if NAME.fullmatch(name) else ""


def bytes_of(name: str) -> bytes:
    """The file itself. Raises `FileNotFoundError`."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return (Path(settings.MEDIA_ROOT) / FOLDER / name).read_bytes()


def _clean(data: bytes) -> tuple[bytes, str, tuple[int, int]]:
    if len(data) > MOST_BYTES:
        raise BadPicture(f"图片有 {len(data) / 1024 / 1024:.1f} MB，最多 5 MB，请先缩小再上传")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(_WRITTEN)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise BadPicture(f"图片有 {opened.width}×{opened.height} 个像素，太大了，请先缩小再上传")
                ending, kind = _WRITTEN[opened.format or ""]
                mode = "RGB" if kind == "JPEG" else "RGBA"
                small = opened.convert(mode) if opened.mode in ("P", "1") else opened  # colours of a palette do not mix
                small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first, so that one large copy is all there ever is
                picture = ImageOps.exif_transpose(small).convert(mode)
    except BadPicture:
        raise
    except UnidentifiedImageError:
        raise BadPicture("这个文件不是能用的图片，请用 PNG、JPG、WebP 或 GIF")
    except Exception:  # what a broken or hostile file raises inside the decoders is anybody's guess
        raise BadPicture("这张图片打不开，可能已经损坏，请另存一份再上传")
    picture.info.clear()  # comments and profiles would be written again
    written = io.BytesIO()
    picture.save(written, kind, **({"quality": 88} if kind != "PNG" else {"optimize": True}))
    return written.getvalue(), ending, picture.size
