"""Search and the pages about the site."""

app_name = "home"
urlpatterns: list = []
