"""First codes and devices in words: the pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.accounts.codes import ALPHABET, LENGTH, derive, digest, read, read_number, shown, spellings
from people.accounts.devices import UNKNOWN, in_words

KEY = b"a key of the server"
batches, persons = st.text(min_size=1, max_size=40), st.integers(1, 10**9)


@given(batches, persons)
def test_a_code_is_eight_characters_that_nobody_confuses(batch, person):
    code = derive(KEY, batch, person)
    assert len(code) == LENGTH and set(code) <= set(ALPHABET)
    assert not set("0o1il") & set(ALPHABET)


@given(batches, persons)
def test_what_is_printed_reads_back_as_the_code(batch, person):
    code = derive(KEY, batch, person)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for typed in (shown(code), code.upper(), wide, f"  {shown(code)}\n", shown(code).replace("-", "—")):
        assert read(typed) == code


@given(batches, batches, persons, persons)
def test_the_same_batch_and_person_give_the_same_code_and_no_others_do(batch, other, person, someone):
    assert derive(KEY, batch, person) == derive(KEY, batch, person)
    if (batch, person) != (other, someone):
        assert derive(KEY, batch, person) != derive(KEY, other, someone)


@given(batches, persons, persons)
def test_a_stored_hash_opens_for_its_own_person_only(batch, person, someone):
    code = derive(KEY, batch, person)
    assert digest(KEY, person, code) == digest(KEY, person, read(shown(code)))
    assert digest(b"another server", person, code) != digest(KEY, person, code)
    if person != someone:
        assert digest(KEY, someone, code) != digest(KEY, person, code)


def test_all_characters_come_up_about_as_often():
    codes = "".join(derive(KEY, "a batch", person) for person in range(2000))
    counts = [codes.count(char) for char in ALPHABET]
    assert min(counts) > 0.8 * len(codes) / len(ALPHABET) and max(counts) < 1.2 * len(codes) / len(ALPHABET)


def test_a_staff_number_is_read_without_its_keyboard():
    assert read_number(" Ｔ００１２\t") == "T0012"
    assert spellings("t12") == ("t12", "T12")
    assert spellings("0012") == ("0012",)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 12; V2148A) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0", "安卓手机 · 微信"),
        ("Mozilla/5.0 (Linux; Android 12; V2148A) Chrome/107.0 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7.0", "安卓手机 · 企业微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 AliApp(DingTalk/7.0)", "iPhone · 钉钉"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36 Edg/109.0", "Windows 电脑 · Edge 浏览器"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/16 Safari/605", "苹果电脑 · Safari 浏览器"),
        ("Mozilla/5.0 (Linux; Android 12; SM-X800) AppleWebKit/537.36 Chrome/107.0 Safari/537.36", "安卓平板 · Chrome 浏览器"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 HuaweiBrowser/5.0", "鸿蒙设备 · 华为浏览器"),
        ("curl/8.0", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_device_is_known_again_by_its_words(agent, words):
    assert in_words(agent) == words
