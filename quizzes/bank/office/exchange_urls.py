"""The screens of import and export, below `/cms/bank/`."""

from __future__ import annotations

from django.urls import path

from quizzes.bank.office import exchange, exchange_export

urlpatterns = [
    path("bank/import/", exchange.index, name="bank_import"),
    path("bank/import/<uuid:token>/", exchange.show, name="bank_import_show"),
    path("bank/import/<uuid:token>/undo/", exchange.undo, name="bank_import_undo"),
    path("bank/import/<uuid:token>/discard/", exchange.discard, name="bank_import_discard"),
    path("bank/import/template/<slug:form>/", exchange.template, name="bank_template"),
    path("bank/export/", exchange_export.export, name="bank_export"),
]
