"""Wagtail's users app with our screens for the superuser: a name is one field here, and e-mail is nobody's duty."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "people.office.users.UserViewSet"
