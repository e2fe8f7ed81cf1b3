"""Where questions of the bank are used on pages: lessons embed them, and the bank knows no lessons."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from quizzes.bank.models import Question
from quizzes.bank.usage import Use


def pages_that_embed(question: Question) -> list[Use]:
    """The pages whose content holds the question, published ones and drafts, by Wagtail's own index of references."""
    kind = ContentType.objects.get_for_model(Page)
    numbers = ReferenceIndex.get_references_to(question).filter(base_content_type=kind).values_list("object_id", flat=True)
    pages = Page.objects.filter(pk__in=[int(number) for number in numbers]).order_by("-latest_revision_created_at", "pk")
    return [
        Use(
            page.title if page.live else _("%(title)s（未发布）") % {"title": page.title},
            page.url or "",
            page.last_published_at or page.latest_revision_created_at,
        )
        for page in pages
    ]
