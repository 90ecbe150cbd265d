#!/usr/bin/env bash
# lti1p3platform 0.1.8, the platform's side of LTI 1.3: lists of several pages cannot be read to their end.
#
# - The address of the next page that the library itself writes, `...?page=2`, is answered with a
#   TypeError if a third page follows: the number comes as text from the query, and 1 is added to it.
# - Members: that there are more pages is said only to tools that ask with `limit`, which NRPS 2.0 lets
#   a tool leave out. Without it, the first page looks like the whole course.
#
# Both are shown with the library's own adapter for Django; only what a platform has to write is written.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q lti1p3platform==0.1.8 django==5.2.19 jwcrypto==1.6.1 pyjwt==2.15.1

cat >show.py <<'PY'
import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["*"])
django.setup()

from django.test import RequestFactory
from jwcrypto.jwk import JWK
from lti1p3platform.framework.django.request import DjangoRequest
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.registration import Registration
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService

KEY = JWK.generate(kty="RSA", size=2048)
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem "
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
)


class Platform(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **_):
        known = Registration().set_iss("https://lms.example").set_client_id("tool")
        known.set_platform_private_key(KEY.export_to_pem(private_key=True, password=None).decode())
        known.set_platform_public_key(KEY.export_to_pem().decode())
        self._registration = known

    def get_registration_by_params(self, **_):
        return self._registration


def page_of(found, page):
    page = int(page)
    return {"content": found[2 * page - 2 : 2 * page], "has_next": 2 * page < len(found)}


class Grades(AssignmentsGradesService):
    def find_lineitems(self, page=1, **_):
        return page_of([{"id": f"https://lms.example/items/{n}"} for n in range(5)], page)

    find_lineitem = create_lineitem = update_lineitem = delete_lineitem = None
    update_score = get_results = None


class People(NamesRoleProvisioningService):
    def get_member_data_page(self, page=1, **_):
        people = [{"user_id": str(n), "roles": ["Learner"]} for n in range(5)]
        return page_of(people, page)

    def get_context_by_id(self):
        return Context("1", "ML", "Machine learning")


platform = Platform()
token = platform.get_registration().platform_encode_and_sign(
    {"iss": "https://lms.example", "scopes": SCOPES}, 300
)


def asked(address):
    headers = {"authorization": f"Bearer {token}"}
    return DjangoRequest(RequestFactory().get(address, headers=headers))


def items(address):
    service = Grades(asked(address), platform, "https://lms.example/items")
    return service.handle_resp(service.handle_get_lineitems)


def people(address):
    service = People(asked(address), platform, "https://lms.example/people")
    return service.handle_resp(service.handle_get_members).result


first = items("/items").result
print("first page of line items:", len(first["content"]), "of 5, next:", first["next"])
try:
    items(first["next"].removeprefix("https://lms.example"))
    said = "answered"
except TypeError as exc:
    said = f"TypeError: {exc}"
print("that next page:", said)
assert said == 'TypeError: can only concatenate str (not "int") to str', said
whole = people("/people")
print("members without limit:", len(whole["members"]), "of 5, next:", whole.get("next"))
assert len(whole["members"]) == 2
assert whole.get("next") is None
limited = people("/people?limit=2")
print("members with limit=2:", len(limited["members"]), "of 5, next:", limited.get("next"))
assert limited["next"] == "https://lms.example/people?limit=2&page=2"
PY

venv/bin/python show.py
# Seen with Python 3.11.7 on Linux:
# first page of line items: 2 of 5, next: https://lms.example/items?page=2
# that next page: TypeError: can only concatenate str (not "int") to str
# members without limit: 2 of 5, next: None
# members with limit=2: 2 of 5, next: https://lms.example/people?limit=2&page=2
