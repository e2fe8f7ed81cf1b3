"""The bank's own screens, below `/cms/bank/`."""

from __future__ import annotations

from django.urls import path

from quizzes.bank.office import duplicates, editor, history, pictures, preview, workflow

urlpatterns = [
    path("bank/new/", editor.create, name="bank_create"),
    path("bank/preview/", preview.preview, name="bank_preview"),
    path("bank/similar/", duplicates.similar, name="bank_similar"),
    path("bank/pictures/", pictures.upload, name="bank_picture"),
    path("bank/duplicates/", duplicates.report, name="bank_duplicates"),
    path("bank/<int:pk>/", history.question, name="bank_question"),
    path("bank/<int:pk>/edit/", editor.edit, name="bank_edit"),
    path("bank/<int:pk>/compare/", history.compare, name="bank_compare"),
    path("bank/<int:pk>/step/", workflow.step, name="bank_step"),
]
