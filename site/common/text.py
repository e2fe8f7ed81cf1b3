"""Chinese search: text and queries as character pairs, because no database splits Chinese words.

Pure: no Django. 防溺水 is indexed as the pairs 防溺 and 溺水 (and each single character), written as
plain ASCII so that every tokenizer keeps them whole. A query becomes alternatives (synonyms) of
lists of pairs that must all be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+")
MARKS = re.compile(r"[\s,。!?、;:“”‘’()《》【】—…·,.!?;:()\[\]\"'/\\-]+")


def normalise(text: str) -> str:
    """Full-width digits and letters become plain, capitals small."""
    return unicodedata.normalize("NFKC", text).lower()


def _token(piece: str) -> str:
    return "z" + "".join(f"{ord(c):x}" for c in piece)


def runs(text: str) -> list[str]:
    """The stretches of Chinese characters and of letters and digits, in order."""
    return _RUN.findall(normalise(text))


def search_tokens(text: str) -> str:
    """What the search index stores for `text`: singles and pairs of Chinese, words of ASCII."""
    found: dict[str, None] = {}
    for run in runs(text):
        if run[0].isascii():
            found[run] = None
            continue
        for i, char in enumerate(run):
            found[_token(char)] = None
            if i + 1 < len(run):
                found[_token(run[i : i + 2])] = None
    return " ".join(found)


def query_tokens(query: str) -> list[str]:
    """What must all be there for `query`: the pairs of each Chinese run, a lone character as itself."""
    tokens: dict[str, None] = {}
    for run in runs(query):
        if run[0].isascii():
            tokens[run] = None
        elif len(run) == 1:
            tokens[_token(run)] = None
        else:
            for i in range(len(run) - 1):
                tokens[_token(run[i : i + 2])] = None
    return list(tokens)


def alternatives(query: str, synonyms: Iterable[frozenset[str]], most: int = 12) -> list[str]:
    """`query`, then `query` with each synonym in place of the words it holds. Longest words first."""
    query = normalise(query).strip()
    found = {query: None}
    for group in synonyms:
        for word in sorted(group, key=len, reverse=True):
            if word in query:
                for other in sorted(group):
                    found.setdefault(query.replace(word, other))
                break
    return list(found)[:most]


def shared_characters(a: str, b: str) -> int:
    """How many Chinese characters two texts have in common; the measure behind “也许你想找”."""
    return len({c for run in runs(a) for c in run} & {c for run in runs(b) for c in run})
