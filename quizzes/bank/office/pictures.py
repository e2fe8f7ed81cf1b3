"""Upload of a picture from the editor: the answer is its name, which the form then sends with the question."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quizzes.bank.pictures import MOST_BYTES, BadPicture, keep, url_of


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("没有收到图片，请再选一次。")}, status=400)
    try:
        picture = keep(file.read(MOST_BYTES + 1))
    except BadPicture as bad:
        return JsonResponse({"error": str(bad)}, status=400)
    return JsonResponse({"name": picture.name, "url": url_of(picture.name), "width": picture.width, "height": picture.height})
