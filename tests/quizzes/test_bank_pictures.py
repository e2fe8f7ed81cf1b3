"""Pictures of questions: checked, written anew without anything but the picture, named by their content."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from quizzes.bank.models import QuestionPicture
from quizzes.bank.pictures import BadPicture, bytes_of, keep, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#c8281e").save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")])
def test_a_picture_of_each_kind_is_kept_under_the_hash_of_its_content(kind: str, ending: str) -> None:
    kept = keep(picture(kind))
    data = bytes_of(kept.name)
    assert kept.name == f"{hashlib.sha256(data).hexdigest()}.{ending}"
    assert (kept.width, kept.height) == Image.open(io.BytesIO(data)).size == (40, 30)


def test_the_same_picture_is_kept_once() -> None:
    assert keep(picture()) == keep(picture())
    assert QuestionPicture.objects.count() == 1


def test_the_place_where_a_photo_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Some School, form 3-2"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture("JPEG", exif=exif)
    assert b"Some School" in data
    kept = bytes_of(keep(data).name)
    assert b"Some School" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_comments_and_profiles_stay_behind() -> None:
    profile = b"Some School" * 20
    for data in (picture("JPEG", comment=b"Some School"), *(picture(kind, icc_profile=profile) for kind in ("JPEG", "PNG", "WEBP"))):
        assert b"Some School" in data or b"iCCP" in data
        kept = bytes_of(keep(data).name)
        assert b"Some School" not in kept and b"iCCP" not in kept and b"ICCP" not in kept


def test_a_picture_of_more_pixels_than_the_memory_bears_is_refused() -> None:
    with pytest.raises(BadPicture, match="太大"):
        keep(picture(size=(6000, 5000)))


def test_a_photo_held_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = keep(picture("JPEG", exif=exif))
    assert (kept.width, kept.height) == (30, 40)


def test_a_large_picture_is_made_smaller() -> None:
    kept = keep(picture(size=(4000, 1000)))
    assert (kept.width, kept.height) == (2000, 500)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是能用的图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不是能用的图片"),
        (b"%PDF-1.7", "不是能用的图片"),
        (picture()[:60], "打不开|不是能用的图片"),
        (b"\0" * (5 * 1024 * 1024 + 1), "最多 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(BadPicture, match=words):
        keep(data)
    assert not QuestionPicture.objects.exists()


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9_000)) + chunk(b"IEND", b"")
    with pytest.raises(BadPicture, match="太大|打不开"):
        keep(data)


def chunk(name: bytes, data: bytes) -> bytes:
    """A piece of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_a_name_that_is_no_pictures_name_has_no_address_and_no_file() -> None:
    for name in ("../secret.key", "x.png", "", "a" * 64 + ".svg"):
        assert url_of(name) == ""
        with pytest.raises(FileNotFoundError):
            bytes_of(name)


def test_the_editor_uploads_a_picture_and_gets_its_name_and_address(editor: Client) -> None:
    answer = editor.post(reverse("bank_picture"), {"file": SimpleUploadedFile("厨房.png", picture())})
    told = answer.json()
    assert answer.status_code == 200
    assert told["url"] == f"/media/bank/{told['name']}"


def test_a_bad_upload_is_told_in_words(editor: Client) -> None:
    answer = editor.post(reverse("bank_picture"), {"file": SimpleUploadedFile("x.png", b"hello")})
    assert (answer.status_code, answer.json()["error"]) == (400, "这个文件不是能用的图片，请用 PNG、JPG、WebP 或 GIF")
    assert editor.post(reverse("bank_picture"), {}).json()["error"] == "没有收到图片，请再选一次。"


def test_a_teacher_uploads_nothing(teacher: Client) -> None:
    assert teacher.post(reverse("bank_picture"), {"file": SimpleUploadedFile("x.png", picture())}).status_code == 403
