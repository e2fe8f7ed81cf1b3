"""The home page, the schools' own pages, search, and the commands that start the site."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = _("首页")

    def ready(self) -> None:
        from home.roles import on_rights_changed
        from home.usage import pages_that_embed
        from people.signals import rights_changed
        from quizzes.bank import usage

        rights_changed.connect(on_rights_changed, dispatch_uid="home.roles")
        usage.register("课程和网页", pages_that_embed)
