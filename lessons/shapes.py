"""The shape of a lesson file in `lessons/content/lessons/`, and the vocabulary lessons are written in.

Pure: no Django. One file is one page: ordered steps, each with its bands and the shortest length at
which it shows. Character limits keep a step on one projector slide at back-row size.
Check the files without a server:  PYTHONPATH=site python3 -m lessons.shapes
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common.contentfile import (
    ContentErrors,
    Day,
    Flag,
    Items,
    Mapped,
    OneOf,
    Record,
    Report,
    Shape,
    Tagged,
    Text,
    read,
)

BANDS: dict[str, str] = {
    "K": "幼儿园",
    "P1": "小学低年级",
    "P2": "小学高年级",
    "J": "初中",
    "S": "高中",
}
LENGTHS: tuple[int, ...] = (1, 5, 30)
HOTLINES: dict[str, str] = {
    "110": "报警",
    "119": "火警",
    "120": "急救",
    "122": "交通事故",
    "12355": "青少年服务",
    "12356": "心理援助",
    "96110": "反诈劝阻",
    "12381": "反诈预警短信",
    "12110": "短信报警",
    "12395": "水上救援",
    "12315": "消费投诉",
    "95598": "供电服务",
}
REVIEW_STATES: dict[str, str] = {
    "expert": "待专业审核",
    "local": "已按来源核对，待本局复核",
    "done": "已审核",
}
CONTENT = Path(__file__).parent / "content"

_LINE = Text(28)
_STEP_FIELDS: dict[str, dict[str, Shape]] = {
    "opening": {"question": Text(42), "hint": Text(90)},
    "case": {"title": Text(16), "text": Text(150), "ask": Text(42)},
    "fact": {
        "text": Text(52),
        "detail": Text(120, required=False),
        "source": Text(16),
        "caution": Text(80, required=False),
    },
    "do_dont": {"title": Text(18), "do": Items(Text(22), 2, 4), "dont": Items(Text(22), 2, 4)},
    "action": {"title": Text(20), "steps": Items(_LINE, 3, 5), "source": Text(16)},
    "misconception": {
        "wrong": Text(34),
        "right": Text(56),
        "why": Text(100),
        "source": Text(16),
    },
    "picture": {"picture": Text(60), "alt": Text(140), "caption": Text(56)},
    "video": {
        "file": Text(80),
        "captions": Text(80),
        "poster": Text(80, required=False),
        "title": Text(30),
        "transcript": Text(2000),
    },
    "role_play": {
        "title": Text(16),
        "scene": Text(80),
        "roles": Items(Record({"name": Text(8), "line": Text(44)}), 2, 4),
        "debrief": Text(70),
    },
    "drill": {
        "title": Text(18),
        "goal": Text(44),
        "steps": Items(_LINE, 3, 5),
        "safety": Text(60),
    },
    "quiz": {"question": Text(12)},
    "hotline": {"numbers": Items(OneOf(tuple(HOTLINES)), 1, 4), "text": Text(60)},
    "rhyme": {"title": Text(14), "lines": Items(Text(16), 3, 6)},
    "home": {"text": Text(90)},
}
STEP_TYPES: tuple[str, ...] = tuple(_STEP_FIELDS)
_COMMON: dict[str, Shape] = {
    "bands": Items(OneOf(tuple(BANDS)), 1, 5),
    "from": OneOf(LENGTHS),
    "notes": Text(160, required=False),
}
STEP = Tagged(
    "type", {kind: Record({**fields, **_COMMON}) for kind, fields in _STEP_FIELDS.items()}
)
LESSON = Record(
    {
        "topic": Text(30),
        "title": Text(24),
        "summary": Text(80),
        "goals": Mapped(Text(44), tuple(BANDS), all_keys=True),
        "region": Items(Text(20), 1, 8),
        "months": Items(OneOf(tuple(range(1, 13))), 1, 12),
        "tags": Items(Text(12), 0, 12),
        "sensitive": Flag(required=True),
        "review": Record(
            {
                "state": OneOf(tuple(REVIEW_STATES)),
                "reviewer": Text(40),
                "date": Day(),
                "expiry": Day(),
            }
        ),
        "sources": Items(Record({"mark": Text(16), "title": Text(120)}), 2, 30),
        "cautions": Items(Text(140), 0, 10),
        "corrections": Items(Record({"date": Day(), "text": Text(140)}), 0, 50),
        "pinyin": Mapped(Text(80), required=False),
        "steps": Items(STEP, 12, 60),
    }
)

TOPICS = Record(
    {
        "name": Text(60),
        "region": Text(60),
        "note": Text(200),
        "entries": Items(
            Record(
                {
                    "slug": Text(30),
                    "official_title": Text(20),
                    "pupil_title": Text(20),
                    "icon": Text(30),
                    "colour": Text(7),
                    "quiet": Flag(required=True),
                    "needs_expert": Flag(required=True),
                    "synonyms": Items(Text(12), 4, 30),
                }
            ),
            15,
            15,
        ),
    }
)


def check_together(data: dict[str, Any], report: Report) -> None:
    """What one field cannot know: sources named, pictures there, every band × length filled."""
    marks = {source["mark"] for source in data["sources"]}
    by_band = 0
    for i, step in enumerate(data["steps"]):
        where = ("steps", i)
        if len(step["bands"]) < len(BANDS):
            by_band += 1
        if len(set(step["bands"])) < len(step["bands"]):
            report.add((*where, "bands"), "同一学段写了两次")
        source = step.get("source")
        if source is not None and source not in marks:
            report.add((*where, "source"), f"来源标记“{source}”没有列在 sources 里")
        if step["type"] == "picture" and not (CONTENT / "pictures" / step["picture"]).is_file():
            report.add((*where, "picture"), f"找不到图片 pictures/{step['picture']}")
    if by_band < 4:
        report.add(("steps",), f"只有 {by_band} 步区分学段，至少要 4 步")
    if data["review"]["expiry"] <= data["review"]["date"]:
        report.add(("review", "expiry"), "失效日期要晚于审核日期")
    for band, name in BANDS.items():
        shown = [step for step in data["steps"] if band in step["bands"]]
        for length, least, most in ((1, 1, 4), (5, 4, 9), (30, 9, 20)):
            count = sum(step["from"] <= length for step in shown)
            if not least <= count <= most:
                report.add(
                    ("steps",),
                    f"{name} {length} 分钟有 {count} 步，应当是 {least} 到 {most} 步",
                )


def read_lesson(path: Path) -> dict[str, Any]:
    """The checked data of one lesson file. Raises `ContentErrors`."""
    data: dict[str, Any] = read(path, LESSON, check_together)
    return data


def read_topics(path: Path) -> dict[str, Any]:
    """The checked data of the topic file. Raises `ContentErrors`."""
    data: dict[str, Any] = read(path, TOPICS)
    return data


def main() -> int:
    """Check every lesson file and print what is wrong, one problem a line."""
    import sys

    wanted = [Path(name) for name in sys.argv[1:]] or sorted((CONTENT / "lessons").glob("*.yaml"))
    bad = 0
    for path in wanted:
        try:
            data = read_lesson(path)
        except ContentErrors as errors:
            bad += 1
            print(errors)
        else:
            print(f"{path.name}:{len(data['steps'])} 步，没有问题")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
