"""The messages: what may come in, what may go out, and the document that describes both."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.live import protocol, texts
from quizzes.live.domain.commands import WORDS
from quizzes.live.domain.errors import RoomError
from quizzes.live.protocol import Answer, Hello, Host, Join, Ping, Sync, encode, parse

DOCUMENT = (Path(__file__).parents[2] / "docs" / "live-protocol.md").read_text("utf-8")


def frame(**fields):
    return json.dumps({"v": 1, **fields})


def refusal(raw):
    with pytest.raises(RoomError) as refused:
        parse(raw)
    assert refused.value.code in texts.ERRORS
    return refused.value.code


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"t": "hello"}, Hello()),
        ({"t": "hello", "token": "abc"}, Hello("abc")),
        ({"t": "hello", "token": None}, Hello()),
        ({"t": "join", "name": "小鱼", "key": "k" * 32}, Join("小鱼", "k" * 32)),
        (
            {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [0, 2]},
            Answer(1, 0, 1, (0, 2)),
        ),
        ({"t": "host", "id": 1, "rev": 7, "do": "close"}, Host(1, 7, "close")),
        ({"t": "host", "id": 1, "rev": 7, "do": "open", "index": 2}, Host(1, 7, "open", 2)),
        (
            {"t": "host", "id": 1, "rev": 7, "do": "set_hands", "counts": [1, 2]},
            Host(1, 7, "set_hands", None, (1, 2)),
        ),
        ({"t": "sync"}, Sync(0)),
        ({"t": "sync", "rev": 9}, Sync(9)),
        ({"t": "ping"}, Ping()),
        ({"t": "ping", "colour": "blue"}, Ping()),
    ],
)
def test_a_good_message_is_read(fields, message):
    assert parse(frame(**fields)) == message
    assert parse(frame(**fields).encode()) == message


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "hello",
        "[]",
        "1",
        "null",
        '"x"',
        "{",
        '{"v":1',
        "NaN",
        '{"v":NaN}',
        "[" * 8000,
        '{"v":1,"t":"ping"} x',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_not_an_object_is_malformed(raw):
    assert refusal(raw) == "frame.malformed"


@pytest.mark.parametrize("version", [None, 0, 2, "1", True, [], 1.5])
def test_another_version_is_told_to_reload(version):
    assert refusal(json.dumps({"v": version, "t": "ping"})) == "frame.version"


@pytest.mark.parametrize("kind", [None, "", "state", "welcome", "me", 7, [], {}])
def test_a_kind_that_clients_do_not_send_is_refused(kind):
    assert refusal(frame(t=kind)) == "frame.unknown"


@pytest.mark.parametrize(
    "fields",
    [
        {"t": "join"},
        {"t": "join", "name": 7, "key": "k" * 32},
        {"t": "join", "name": "小鱼", "key": "short"},
        {"t": "join", "name": "小鱼", "key": "k" * 65},
        {"t": "hello", "token": 5},
        {"t": "hello", "token": "x" * 301},
        {"t": "answer", "id": 1, "index": 0, "round": 1},
        {"t": "answer", "id": 1, "index": 0, "round": 0, "chosen": [1]},
        {"t": "answer", "id": 1, "index": -1, "round": 1, "chosen": [1]},
        {"t": "answer", "id": 1, "index": 10**30, "round": 1, "chosen": [1]},
        {"t": "answer", "id": True, "index": 0, "round": 1, "chosen": [1]},
        {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": "1"},
        {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [True]},
        {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [-1]},
        {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [1.0]},
        {"t": "answer", "id": 1, "index": 0, "round": 1, "chosen": [0] * 17},
        {"t": "host", "id": 1, "do": "close"},
        {"t": "host", "id": 1, "rev": "7", "do": "close"},
        {"t": "host", "id": 1, "rev": 7, "do": "x" * 21},
        {"t": "sync", "rev": -1},
    ],
)
def test_a_field_that_does_not_fit_the_table_is_refused(fields):
    assert refusal(frame(**fields)) == "frame.bad_field"


@pytest.mark.parametrize("size", [protocol.MAX_FRAME + 1, 2**20])
def test_a_frame_over_8_kb_is_refused_unread(size):
    assert refusal("x" * size) == "frame.too_big"


def test_the_limit_counts_bytes_not_characters():
    raw = "鱼" * (protocol.MAX_FRAME // 3 + 1)
    assert len(raw) < protocol.MAX_FRAME
    assert refusal(raw) == "frame.too_big"


@given(st.text() | st.binary())
def test_no_input_whatsoever_raises_anything_but_a_coded_refusal(raw):
    try:
        parse(raw)
    except RoomError as refused:
        assert refused.code in texts.ERRORS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(protocol.CLIENT)), st.data())
def test_any_values_in_the_right_fields_are_read_or_refused(kind, data):
    _, fields = protocol.CLIENT[kind]
    values = {name: data.draw(JSON, label=name) for name in fields}
    try:
        message = parse(frame(t=kind, **values))
    except RoomError as refused:
        assert refused.code.startswith("frame.")
    else:
        assert type(message) is protocol.CLIENT[kind][0]


def test_a_frame_with_a_field_outside_the_table_is_our_mistake():
    with pytest.raises(ValueError, match="secret"):
        encode("tick", {"players": 1, "answered": 0, "secret": 1})


def test_chinese_travels_as_chinese():
    assert "已收" in encode("error", {"code": "x", "text": "已收"})


# --- the document -------------------------------------------------------------------------------


def section(kind):
    found = re.search(rf"^### {kind}\n(.*?)(?=^##)", DOCUMENT, re.S | re.M)
    assert found, f"docs/live-protocol.md has no section “{kind}”"
    return found[1]


@pytest.mark.parametrize("kind", [*protocol.CLIENT, *protocol.SERVER])
def test_the_document_describes_each_message_and_each_of_its_fields(kind):
    fields = protocol.CLIENT[kind][1] if kind in protocol.CLIENT else protocol.SERVER[kind]
    table = section(kind).split("| Command |")[0]
    rows = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert rows == list(fields)


def test_the_document_names_each_command():
    for word in WORDS:
        assert DOCUMENT.count(f"`{word}`") >= 2


def test_the_document_names_each_error_code_and_no_other():
    table = DOCUMENT.split("## Error codes")[1].split("Over HTTP")[0]
    assert set(re.findall(r"`(\w+\.\w+)`", table)) == set(texts.ERRORS)


def test_the_document_states_the_limits():
    assert str(protocol.MAX_FRAME) in DOCUMENT


# --- the words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", texts.ERRORS)
def test_each_error_has_a_kind_chinese_sentence(code):
    text = texts.error_text(code)
    assert text.endswith("。")
    assert not re.search(r"[,;:!?]|错误|非法|禁止|！", text)


@pytest.mark.parametrize("code", texts.ERRORS)
def test_each_error_code_is_used_somewhere(code):
    live = Path(protocol.__file__).parent
    sources = [path for path in live.rglob("*.py") if path.name != "texts.py"]
    assert any(f'"{code}"' in path.read_text("utf-8") for path in sources)


SCRIPTS = Path(__file__).parents[2] / "site" / "static" / "js"
SCREENS = {
    "wall": (texts.WALL, ["live-wall.js", "live-wall-stage.js", "live-words.js"]),
    "phone": (texts.PHONE, ["live-phone.js", "live-phone-screen.js"]),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_each_text_that_a_script_asks_for_exists(screen):
    words, names = SCREENS[screen]
    for name in names:
        source = (SCRIPTS / name).read_text("utf-8")
        for key in re.findall(r"""\bt\(\s*"([\w.]+)\"""", source):
            assert key in words, f"{name} asks for “{key}”"


@pytest.mark.parametrize("screen", SCREENS)
def test_no_text_is_kept_that_no_screen_says(screen):
    words, names = SCREENS[screen]
    templates = (Path(__file__).parents[2] / "templates" / "live").glob("*.html")
    said = "".join(
        (SCRIPTS / name).read_text("utf-8") for _, names in SCREENS.values() for name in names
    )
    said += "".join(path.read_text("utf-8") for path in templates)
    for key in words:
        family = key.split(".")[0] + ".$"
        assert f'"{key}"' in said or f"texts.{key}" in said or family in said, key
