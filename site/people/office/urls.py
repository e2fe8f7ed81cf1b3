"""The office's addresses, below /cms/. Each has its row in `people.gate`."""

from __future__ import annotations

from django.urls import path

from people.office import matrix, organisation_forms, organisations, people, people_forms

app_name = "office"
_tree, _list = organisations.OrganisationList.as_view, people.PeopleList.as_view

urlpatterns = [
    path("organisations/", _tree(), name="organisations"),
    path("organisations/results/", _tree(results_only=True), name="organisations_results"),
    path("organisations/add/", organisation_forms.AddTop.as_view(), name="organisation_add_top"),
    path("organisations/<int:pk>/", organisations.OrganisationPage.as_view(), name="organisation"),
    path("organisations/<int:pk>/below/", _tree(), name="organisations_below"),
    path("organisations/<int:pk>/below/results/", _tree(results_only=True), name="organisations_below_results"),
    path("organisations/<int:pk>/add/", organisation_forms.Add.as_view(), name="organisation_add"),
    path("organisations/<int:pk>/edit/", organisation_forms.Edit.as_view(), name="organisation_edit"),
    path("organisations/<int:pk>/move/", organisation_forms.Move.as_view(), name="organisation_move"),
    path("organisations/<int:pk>/merge/", organisation_forms.Merge.as_view(), name="organisation_merge"),
    path("organisations/<int:pk>/close/", organisation_forms.Close.as_view(), name="organisation_close"),
    path("organisations/<int:pk>/reopen/", organisation_forms.Reopen.as_view(), name="organisation_reopen"),
    path("people/", _list(), name="people"),
    path("people/results/", _list(results_only=True), name="people_results"),
    path("people/add/", people_forms.Add.as_view(), name="person_add"),
    path("people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/edit/", people_forms.Edit.as_view(), name="person_edit"),
    path("people/<int:pk>/join/", people_forms.Join.as_view(), name="person_join"),
    path("people/<int:pk>/work/<int:membership>/", people_forms.Posts.as_view(), name="membership_edit"),
    path("people/<int:pk>/work/<int:membership>/leave/", people_forms.Leave.as_view(), name="membership_leave"),
    path("people/<int:pk>/work/<int:membership>/transfer/", people_forms.Transfer.as_view(), name="membership_transfer"),
    path("people/<int:pk>/roles/give/", people_forms.GiveRole.as_view(), name="role_give"),
    path("people/<int:pk>/roles/<int:grant>/take/", people_forms.TakeRole.as_view(), name="role_take"),
    path("roles/", matrix.RoleMatrix.as_view(), name="roles"),
]
