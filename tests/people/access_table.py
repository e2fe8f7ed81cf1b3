"""Who may open what, address by address: written down apart from the rules, so that a slip in either shows.

Letters: B admin and P reviewer of the bureau; in one school: A admin, E exam officer, D editor, R reviewer,
S safety officer, O observer, T teacher, F staff, I invigilator; N nobody (not logged in).
`@` means: in a school, at the own one only.
"""

from __future__ import annotations

from typing import Any

from people.access_rules import Role

BUREAU = "BP"
ROLES: dict[str, Role] = {
    "B": Role.ADMIN,
    "P": Role.REVIEWER,
    "A": Role.ADMIN,
    "E": Role.EXAM_OFFICER,
    "D": Role.EDITOR,
    "R": Role.REVIEWER,
    "S": Role.SAFETY_OFFICER,
    "O": Role.OBSERVER,
    "T": Role.TEACHER,
    "F": Role.STAFF,
    "I": Role.INVIGILATOR,
}
ALL, LOGGED_IN, OFFICERS = "BPAEDRSOTFIN", "BPAEDRSOTFI", "BPAEDRSO"

TABLE: dict[str, str] = {
    "topics-css": ALL,
    "media": ALL,
    "home:search": ALL,
    "home:about": ALL,
    "home:privacy": ALL,
    "wagtail_serve": ALL,
    "live:choose": ALL,
    "live:open": ALL,
    "live:wall": ALL,
    "live:code_form": ALL,
    "live:phone": ALL,
    "audit_log": "BASO",
    "audit_export": "BA",
    "cms-login": ALL,
    "accounts:login": ALL,
    "accounts:first": ALL,
    "accounts:first_password": ALL,
    "accounts:verify": ALL,
    "accounts:oidc_start": ALL,
    "accounts:oidc_callback": ALL,
    "accounts:logout": ALL,
    "accounts:home": LOGGED_IN,
    "accounts:password": LOGGED_IN,
    "accounts:end_session": LOGGED_IN,
    "accounts:second_factor": LOGGED_IN,
    "accounts:backups": LOGGED_IN,
    "accounts:second_factor_off": LOGGED_IN,
    "accounts_codes": "BAS",
    "accounts_codes_at": "@BAS",
    "accounts_codes_issue": "@BAS",
    "accounts_person": "@BAS",
    "accounts_person_issue": "@BAS",
    "accounts_person_end": "@BAS",
    "accounts_person_factor": "@BAS",
    "rosters_people": "BAS",
    "rosters_people_template": "BAS",
    "rosters_people_show": "BAS",
    "rosters_people_status": "BAS",
    "rosters_people_errors": "BAS",
    "rosters_people_apply": "BAS",
    "rosters_people_undo": "BAS",
    "rosters_people_retry": "BAS",
    "rosters_people_discard": "BAS",
    "rosters_organisations": "BA",
    "rosters_organisations_template": "BA",
    "rosters_organisations_show": "BA",
    "rosters_organisations_status": "BA",
    "rosters_organisations_errors": "BA",
    "rosters_organisations_apply": "BA",
    "rosters_organisations_undo": "BA",
    "rosters_organisations_retry": "BA",
    "rosters_organisations_discard": "BA",
    "privacy:data_map": ALL,
    "privacy:children": ALL,
    "privacy:export": LOGGED_IN,
    "privacy:erase": LOGGED_IN,
    "privacy:withdraw": LOGGED_IN,
    "privacy_office": "B",
    "privacy_pack": "B",
    "privacy_person": "B",
    "privacy_act": "B",
    "clone_topic_set": "BPADR",
    "overdue_reviews": "BPADR",
    "overdue_reviews_results": "BPADR",
    "office:organisations": "BAESO",
    "office:organisations_results": "BAESO",
    "office:organisations_below": "@BAESO",
    "office:organisations_below_results": "@BAESO",
    "office:organisation": "@BAESO",
    "office:organisation_add_top": "",
    "office:organisation_add": "@BA",
    "office:organisation_edit": "@BA",
    "office:organisation_move": "B",
    "office:organisation_merge": "B",
    "office:organisation_close": "B",
    "office:organisation_reopen": "B",
    "organisation_chooser:choose": "BAESO",
    "organisation_chooser:choose_results": "BAESO",
    "organisation_chooser:chosen": "@BAESO",
    "office:people": "BAESO",
    "office:people_results": "BAESO",
    "office:person_add": "BAS",
    "office:person": "@BAESO",
    "office:person_edit": "@BAS",
    "office:person_join": "@BAS",
    "office:membership_edit": "@BAS",
    "office:membership_leave": "@BAS",
    "office:membership_transfer": "@BAS",
    "office:role_give": "@BA",
    "office:role_take": "@BA",
    "office:roles": OFFICERS,
    "bank_statistics": "BP",
    "bank_statistics_question": "BP",
}

WAGTAIL_TABLE: tuple[tuple[str, str], ...] = (
    ("django.views.generic.base.TemplateView", ""),  # Wagtail's sample of a 404 page
    ("wagtailadmin_login", ALL),
    ("wagtailadmin_logout", ALL),
    ("wagtailadmin_password_reset*", ALL),
    ("wagtailadmin_sprite", ALL),
    ("wagtailadmin_javascript_catalog", ALL),
    ("wagtailimages_serve", ALL),
    ("wagtaildocs_serve", ALL),
    ("wagtaildocs_authenticate_with_password", ALL),
    ("wagtailcore_*", ALL),
    ("wagtailusers_*", "B"),
    ("wagtailsites*", "B"),
    ("wagtaillocales*", "B"),
    ("wagtailredirects*", "B"),
    ("wagtailsettings*", "B"),
    ("wagtailforms*", "B"),
    ("wagtailstyleguide*", "B"),
    ("wagtailsnippets_people_organisationkind*", "B"),
    ("wagtailsnippetchoosers_people_organisationkind*", "B"),
    ("wagtailsnippets_bank_question*", "BPAEDRS"),
    ("wagtail*", OFFICERS),
)

# What else an address needs to be asked for; organisations and persons are filled in by the walk.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "media": {"path": "nothing.png"},
    "live:wall": {"code": "000000"},
    "live:phone": {"code": "000000"},
    "clone_topic_set": {"pk": 1},
    "bank_statistics_question": {"pk": 1},
    "office:membership_edit": {"membership": 1},
    "office:membership_leave": {"membership": 1},
    "office:membership_transfer": {"membership": 1},
    "office:role_take": {"grant": 1},
}

ARGUMENTS |= {
    f"rosters_{kind}_{what}": {"pk": 1}
    for kind in ("people", "organisations")
    for what in ("show", "status", "errors", "apply", "undo", "retry", "discard")
}

COMMAND_TABLE: dict[str, set[str]] = {
    "live:hello": {"guest", "player", "host"},
    "live:join": {"guest", "player", "host"},
    "live:ping": {"guest", "player", "host"},
    "live:sync": {"player", "host"},
    "live:answer": {"player"},
    "live:host": {"host"},
}
