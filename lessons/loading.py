"""Puts the content files into the CMS, once. What exists is an editor's and is left alone.

Every file is checked before anything is written: a mistake in one names its file, line and field,
and loads nothing of that file; the others are loaded, and the mistakes are raised at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Collection, Page

from common.contentfile import ContentErrors, Problem
from lessons.models import (
    LessonCaution,
    LessonCorrection,
    LessonIndexPage,
    LessonPage,
    LessonReading,
    LessonSource,
    TopicEntry,
    TopicSet,
)
from lessons.shapes import CONTENT, read_lesson, read_topics


@dataclass
class LoadReport:
    """What `load` made, and what it found there and left alone (slugs and file names)."""

    created: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def load(progress: Callable[[str], None], content: Path | None = None) -> LoadReport:
    folder = content or CONTENT
    report = LoadReport()
    problems: list[Problem] = []
    load_topics(folder / "topics.yaml", report)
    pictures = load_pictures(folder / "pictures", progress)
    index = LessonIndexPage.objects.first()
    if index is None:
        index = lesson_index()
        report.created.append("lessons")
    order = [entry.slug for entry in TopicEntry.objects.filter(topic_set__is_current=True)]
    paths = sorted(
        (folder / "lessons").glob("*.yaml"), key=lambda p: order.index(p.stem) if p.stem in order else len(order)
    )
    for number, path in enumerate(paths, 1):
        if LessonPage.objects.child_of(index).filter(slug=path.stem).exists():
            report.kept.append(path.stem)
            continue
        progress(f"   课程 {number}/{len(paths)} {path.stem}")
        try:
            data = read_lesson(path)
            with transaction.atomic():
                create_lesson(index, path.stem, data, pictures, path.name)
        except ContentErrors as errors:
            problems += errors.problems
        else:
            report.created.append(path.stem)
    if problems:
        raise ContentErrors(problems)
    return report


def load_topics(path: Path, report: LoadReport) -> None:
    data = read_topics(path)
    if TopicSet.objects.filter(name=data["name"]).exists():
        report.kept.append(path.name)
        return
    with transaction.atomic():
        topic_set = TopicSet.objects.create(
            name=data["name"],
            region=data["region"],
            note=data["note"],
            is_current=not TopicSet.objects.filter(is_current=True).exists(),
        )
        for order, entry in enumerate(data["entries"]):
            words = "、".join(entry.pop("synonyms"))
            TopicEntry.objects.create(topic_set=topic_set, sort_order=order, synonyms=words, **entry)
    report.created.append(path.name)


def load_pictures(folder: Path, progress: Callable[[str], None]) -> dict[str, Any]:
    """Every drawing as a picture of the CMS, by file name."""
    Picture = get_image_model()
    collection = Collection.objects.filter(name="课程示意图").first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name="课程示意图")
    there = {picture.title: picture for picture in Picture.objects.filter(collection=collection)}
    paths = sorted(folder.glob("*.svg"))
    missing = [path for path in paths if path.name not in there]
    if missing:
        progress(f"   示意图 {len(missing)} 张")
    for path in missing:
        drawing = path.read_bytes()
        words = ElementTree.fromstring(drawing).findtext("{http://www.w3.org/2000/svg}title") or path.stem  # noqa: S314
        picture = Picture(title=path.name, description=words, licence="平台自绘", collection=collection)
        picture.file.save(path.name, ContentFile(drawing), save=False)
        picture.width, picture.height = svg_size(drawing)
        picture.file_size = len(drawing)
        picture.save()
        there[path.name] = picture
    return there


def svg_size(drawing: bytes) -> tuple[int, int]:
    """Width and height of a drawing in its own units, from its viewBox."""
    box = ElementTree.fromstring(drawing).get("viewBox", "0 0 960 540").split()  # noqa: S314 - our own file
    return round(float(box[2])), round(float(box[3]))


def lesson_index() -> LessonIndexPage:
    """The page that holds the lessons, under the home page (made here if the site is new)."""
    root = Page.get_first_root_node()
    HomePage = apps.get_model("home", "HomePage")
    home = HomePage.objects.first()
    if home is None:
        for page in root.get_children().filter(slug="home", content_type__model="page"):
            page.delete()
        home = root.add_child(instance=HomePage(title="十五防", slug="home"))
        Site = apps.get_model("wagtailcore", "Site")
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"root_page": home, "hostname": "localhost", "site_name": "十五防"},
        )
    page = LessonIndexPage(title="十五防课程", slug="lessons", intro="打开一课就能上：1 分钟、5 分钟、30 分钟。")
    home.add_child(instance=page)
    return page


def create_lesson(
    index: LessonIndexPage, slug: str, data: dict[str, Any], pictures: dict[str, Any], file: str
) -> LessonPage:
    review = data["review"]
    page = LessonPage(
        title=data["title"],
        slug=slug,
        topic_slug=data["topic"],
        summary=data["summary"],
        **{f"goal_{band.lower()}": goal for band, goal in data["goals"].items()},
        regions="、".join(data["region"]),
        months=[str(month) for month in data["months"]],
        tags="、".join(data["tags"]),
        sensitive=data["sensitive"],
        review_state=review["state"],
        reviewer=review["reviewer"],
        review_date=review["date"],
        review_expiry=review["expiry"],
    )
    page.steps = LessonPage._meta.get_field("steps").to_python(stream_data(data["steps"], pictures, file))
    page.sources = [LessonSource(**source) for source in data["sources"]]
    page.cautions = [LessonCaution(text=caution) for caution in data["cautions"]]
    page.corrections = [LessonCorrection(**correction) for correction in data["corrections"]]
    page.readings = [LessonReading(phrase=p, pinyin=r) for p, r in data.get("pinyin", {}).items()]
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def stream_data(steps: list[dict[str, Any]], pictures: dict[str, Any], file: str) -> list[dict[str, Any]]:
    """The file's steps in the form that a StreamField stores."""
    questions = dict(apps.get_model("bank", "Question").objects.values_list("code", "pk"))
    stored = []
    for number, step in enumerate(steps, 1):
        value = {k: v for k, v in step.items() if k not in {"type", "from"}}
        value["shortest"] = str(step["from"])
        if step["type"] == "picture":
            value["picture"] = pictures[step["picture"]].pk
        elif step["type"] == "quiz":
            if step["question"] not in questions:
                where = f"steps[{number}].question"
                raise ContentErrors([Problem(file, 1, where, f"题库里没有“{step['question']}”，请先载入题目")])
            value["question"] = questions[step["question"]]
        stored.append({"type": step["type"], "value": value})
    return stored
