"""Log-in through a bureau's own OpenID Connect provider, by mozilla-django-oidc; see docs/sign-in.md.

Off without a client id: then nothing answers here. A person is found by the staff number that the provider
states, and never made: who is not in the roster is told to ask the school. The library checks signature,
state and nonce; it leaves issuer and audience to its user, so both are checked here.
"""

from __future__ import annotations

import logging
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from people.accounts import signing_in
from people.accounts.codes import read_number
from people.models import User

logger = logging.getLogger(__name__)


class ProviderBackend(OIDCAuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        # Only our callback may ask: it brings the nonce. A password form with ?code=… in its address does not.
        if not kwargs.get("nonce"):
            return None
        found: User | None = super().authenticate(request, **kwargs)
        return found

    def get_user(self, user_id: int) -> User | None:
        """As with passwords: a closed account's session ends at once. The library would go on with it."""
        found: User | None = ModelBackend.get_user(self, user_id)
        return found

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().verify_token(token, **kwargs)
        audience = said.get("aud")
        heard = audience if isinstance(audience, list) else [audience]
        if settings.OIDC_RP_CLIENT_ID not in heard:
            raise SuspiciousOperation("the token is meant for another site")
        if settings.OIDC_ISSUER and said.get("iss") != settings.OIDC_ISSUER:
            raise SuspiciousOperation("the token comes from another issuer")
        return said

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The claims of the token, and what the provider's own page adds about the same person."""
        if not self.OIDC_OP_USER_ENDPOINT:
            return payload
        more: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if more.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("the provider speaks of somebody else")
        return {**payload, **more}

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        return bool(claims.get(settings.OIDC_STAFF_CLAIM))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[User]:
        number = read_number(str(claims[settings.OIDC_STAFF_CLAIM]))
        return User.objects.filter(username=number, is_active=True)

    def describe_user_by_claims(self, claims: dict[str, Any]) -> str:
        return "somebody"  # the library writes it into the log


class _Callback(OIDCAuthenticationCallbackView):
    def login_success(self) -> HttpResponse:
        goal = self.request.session.pop("oidc_login_next", None) or ""
        return signing_in.proved(self.request, self.user, backend="people.accounts.oidc.ProviderBackend", goal=goal)

    def login_failure(self) -> HttpResponse:
        messages.error(self.request, _("没有登录成功。统一身份认证里的工号在本站还没有登记或已停用，请联系本校安全员。"))
        return redirect("accounts:login")


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ON:
        raise Http404
    answer: HttpResponse = OIDCAuthenticationRequestView.as_view()(request)
    return answer


@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ON:
        raise Http404
    if request.GET.get("error"):
        messages.error(request, _("统一身份认证没有通过或被取消。请再试一次，或用工号和密码登录。"))
        return redirect("accounts:login")
    try:
        answer: HttpResponse = _Callback.as_view()(request)
    except (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, ValueError, KeyError) as error:
        # The message of the error may carry what the provider said about a person.
        logger.warning("log-in through the provider failed: %s", type(error).__name__)
        messages.error(request, _("统一身份认证的答复有误，没有登录。请再试一次；还不行，请用工号和密码登录，并告诉管理员。"))
        return redirect("accounts:login")
    return answer
