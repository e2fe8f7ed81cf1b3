"""The one door to bleach, against a corpus of payloads."""

import pytest

from common.sanitize import clean_html, plain_text

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='//evil.example'></iframe>",
    "<object data='x'></object>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p onclick='alert(1)'>x</p>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<form action='//evil.example'><input name=a></form>",
    "<base href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<<script>alert(1)//<</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_survives(payload):
    cleaned = clean_html(payload).lower()
    for bad in ("<script", "<img", "<svg", "<iframe", "<form", "<base", "<meta", "<object", "style=", "<a href=\"java", "<a href=\"data"):
        assert bad not in cleaned
    assert "<p on" not in cleaned


def test_ordinary_text_is_kept():
    assert clean_html("<p>叫、叫、<strong>伸</strong>、抛</p>") == "<p>叫、叫、<strong>伸</strong>、抛</p>"


def test_plain_text_has_no_markup():
    assert plain_text("<p>1 < 2 &amp; <b>水</b></p>") == "1 < 2 & 水"
