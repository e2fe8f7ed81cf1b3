"""Wagtail's users app with our screens for the superuser: a name is one field here, and e-mail is nobody's duty."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "people.office.users.UserViewSet"

    def ready(self) -> None:
        """Takes away what would pass by the audit log: changing many accounts at once, and one's own name.

        Wagtail's own name panel also wants a family name and an e-mail; a portrait is data we never asked for.
        """
        super().ready()
        from wagtail.admin.views.account import AvatarSettingsPanel, NameEmailSettingsPanel
        from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

        UserBulkAction.models = []
        for panel in (AvatarSettingsPanel, NameEmailSettingsPanel):
            panel.is_active = _never


def _never(panel: object) -> bool:
    return False
