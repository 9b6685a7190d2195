"""Every route of the OpenAPI with a good body: what a bad one is made from."""

from tests.mockgov.counters.route import Route
from tests.mockgov.counters.routes_of_joining import (
    APPLICATIONS,
    CERTIFICATES,
    LAB_OF_JOINING,
    REGISTERED_MAIL,
    TEXTS,
)
from tests.mockgov.counters.town import BASES, LIVE, SUFFIXES, TEST

MOBILE = "/services/hescodeproxy/api/"
KIN = "/services/familyservice/api/"
LEAVE = {"memberId": 1, "healthInfoAllowed": True, "locationInfoAllowed": True}
LOCATION = {"latitude": 39.77, "longitude": 30.52}
VISIT = {"city": "Bolu", "district": "Merkez", "explicit_address": "1", "hes_code": "A1B2345617", "location": LOCATION}
CODE = {"hes_code": "A1B2345617"}
REPORT = {
    "kind": "pcr",
    "citizen_id": 1,
    "at": "2021-10-01T00:00:00Z",
    "positive": True,
    "variant_of_concern": False,
    "dose": 1,
    "intensive_care": False,
    "immunosuppressed": False,
    "symptom_free_since": None,
    "ends_at": None,
}


LAB = [
    Route("GET", "/_lab/worlds"),
    Route(
        "POST",
        "/_lab/worlds",
        {
            "name": "x",
            "seed": 2,
            "people": 3,
            "preset": "town",
            "clock": "manual",
            "start": "2021-01-01T00:00:00Z",
            "settings": {"bulk_limit": 7},
            "magic": ["deceased"],
        },
        ("clock", "start", "preset"),
    ),
    Route(
        "POST",
        "/_lab/worlds/find",
        {
            "username": "x",
            "password": "x",
            "token": "x",
            "phone": "+905990000000",
            "mail": "a@b.example",
            "kep_address": "a@hs02.kep.tr",
            "hes_code": "A1B2345617",
        },
        ("username", "password", "token", "phone", "mail", "kep_address", "hes_code"),
    ),
    Route(
        "POST",
        "/_lab/worlds/{name}/fork",
        {"to": "y", "snapshot": "kept", "settings": {"bulk_limit": 7}},
        ("snapshot",),
    ),
    Route("GET", "/_lab/worlds/{name}/snapshots"),
    Route("POST", "/_lab/worlds/{name}/snapshots", {"snapshot": "x"}, ("snapshot",)),
    Route("DELETE", "/_lab/worlds/{name}/snapshots/{snapshot}"),
    Route("POST", "/_lab/worlds/{name}/restore", {"snapshot": "kept"}),
    Route("GET", "/_lab/worlds/{name}/diff"),
    Route("DELETE", "/_lab/worlds/{name}"),
    Route("GET", "/_lab/world"),
    Route("POST", "/_lab/world/seed", {"people": 3}),
    Route("GET", "/_lab/clock"),
    Route(
        "POST",
        "/_lab/clock",
        {"to": "2021-10-05T00:00:00Z", "advance_s": 1.0, "factor": 60.0, "run": True},
        ("to", "advance_s", "factor", "run"),
    ),
    Route("GET", "/_lab/people"),
    Route(
        "POST",
        "/_lab/people",
        [
            {
                "firstname": "A",
                "lastname": "B",
                "sex": "MALE",
                "birth_date": "1990-01-01",
                "province": 6,
                "has_phone": True,
                "foreign": True,
                "temporary": False,
                "nationality": "DEU",
                "blue_card": False,
                "parents": [1],
            }
        ],
        ("nationality",),
    ),
    Route("GET", "/_lab/people/{citizen_id}"),
    Route("GET", "/_lab/people/find"),
    Route("GET", "/_lab/people/{citizen_id}/card"),
    Route("POST", "/_lab/people/{citizen_id}/sms", {"text": "x", "to": "2023"}),
    Route("GET", "/_lab/people/{citizen_id}/askers"),
    Route("GET", "/_lab/people/{citizen_id}/edevlet"),
    Route("PUT", "/_lab/people/{citizen_id}/sharing"),
    Route("POST", "/_lab/codes", [{"citizen_id": 1, "days": 7, "description": "x"}], ("days", "description")),
    Route("GET", "/_lab/codes/{code}"),
    Route("DELETE", "/_lab/codes/{code}"),
    Route("POST", "/_lab/codes/{code}/shorten", {"expires_at": "2021-10-05T00:00:00Z"}),
    Route("POST", "/_lab/codes/{code}/shares", {"label": "x"}),
    Route("GET", "/_lab/codes/{code}/shares"),
    Route("POST", "/_lab/reports", [REPORT], ("dose", "symptom_free_since", "ends_at")),
    Route("GET", "/_lab/incidence"),
    Route("GET", "/_lab/institutions"),
    Route(
        "POST",
        "/_lab/institutions",
        {
            "kind": "WORKPLACE",
            "name": "x",
            "label": "X",
            "province": 6,
            "staff_count": 600,
            "staff": [1],
            "headquarters": 1,
        },
        ("headquarters",),
    ),
    Route("GET", "/_lab/accounts"),
    Route("POST", "/_lab/accounts", [{"institution_id": 1, "environment": "test"}]),
    Route("POST", "/_lab/accounts/{username}/rotate"),
    Route("POST", "/_lab/accounts/{username}/revoke"),
    Route("GET", "/_lab/sms"),
    Route("GET", "/_lab/queries"),
    Route("GET", "/_lab/journal"),
    Route("GET", "/_lab/journal.har"),
    Route("GET", "/_lab/journal/root"),
    Route("GET", "/_lab/journal/words"),
    Route(
        "POST",
        "/_lab/journal/assert",
        {
            "where": {"operation": "C3", "status": 200},
            "exactly": 1,
            "at_least": 1,
            "at_most": 1,
            "never": False,
            "after": 0,
        },
        ("exactly", "at_least", "at_most"),
    ),
    Route("GET", "/_lab/journal/{exchange_number}"),
    Route("DELETE", "/_lab/journal"),
    Route("GET", "/_lab/conformance"),
    Route("POST", "/_lab/conformance/report"),
    Route("GET", "/_lab/explain"),
    Route("GET", "/_lab/institutions/{institution_id}/minimisation"),
    Route("GET", "/_lab/faults"),
    Route(
        "PUT",
        "/_lab/faults",
        [{"kind": "refuse", "share": 0.5, "status": 503, "retry_after_s": 1, "stage": "answer"}],
        ("share", "status", "retry_after_s", "stage"),
    ),
    Route("GET", "/_lab/magic"),
    Route("POST", "/_lab/magic", {"scenarios": ["deceased"]}, ("scenarios",)),
    Route("GET", "/_lab/presets"),
    Route("GET", "/_lab/fidelity"),
    Route("DELETE", "/_lab/faults"),
    Route("GET", "/_lab/faults/catalogue"),
    Route("POST", "/_lab/faults/replay", {"token": "hes1.1.0"}),
    *LAB_OF_JOINING,
]
APPLICATION = [
    Route("POST", "/api/send-code-to-login", {"phone": "+905990000000"}),
    Route("POST", "/api/authenticate-with-code", {"password": "1", "phone": "+905990000000", "rememberMe": True}),
    Route("GET", "/api/account-with-token"),
    Route("GET", f"{MOBILE}hes-codes"),
    Route("POST", f"{MOBILE}hes-codes"),
    Route(
        "POST",
        f"{MOBILE}hes-codes-tr",
        {"child_tckn": None, "description": "x", "expiration_date": "2021-10-10"},
        ("child_tckn", "description", "expiration_date"),
    ),
    Route("POST", f"{MOBILE}check-hes-code", CODE),
    Route("POST", f"{MOBILE}check-hes-code-plus", CODE),
    Route(
        "POST",
        "/services/familyservice/api/add-family-member",
        {
            "invitedUserPhone": "+905990000000",
            "ownerHealthInfoAllowed": True,
            "ownerLocationInfoAllowed": True,
            "relationName": "x",
        },
    ),
    Route("GET", "/services/familyservice/api/account-family-members"),
    Route("GET", "/services/statisticservice/api/latest-generic-statistics"),
    Route("GET", "/api/clarification-text"),
    Route(
        "POST",
        "/api/register",
        {
            "identityNumber": "1",
            "birthDate": "1980-02-29",
            "clarificationTextVersion": 2.0,
            "clarificationTextAccepted": True,
        },
    ),
    Route("POST", f"{MOBILE}share-hes-code", CODE | {"label": "x"}),
    Route("POST", f"{MOBILE}hes-code-shares", CODE),
    Route("POST", f"{MOBILE}shorten-hes-code", CODE | {"expiration_date": "2021-10-10"}),
    Route("POST", f"{MOBILE}delete-hes-code", CODE),
    Route("GET", f"{MOBILE}hes-code-queries"),
    Route("GET", f"{MOBILE}health-data-sharing"),
    Route("POST", f"{MOBILE}health-data-sharing", {"allowed": True}),
    Route("GET", f"{KIN}family-invitations"),
    Route("POST", f"{KIN}accept-family-invitation", LEAVE),
    Route("POST", f"{KIN}refuse-family-invitation", {"memberId": 1}),
    Route("POST", f"{KIN}update-family-permissions", LEAVE),
    Route("POST", f"{KIN}remove-family-member", {"memberId": 1}),
    Route("GET", f"{KIN}children"),
    Route("GET", "/services/statisticservice/api/daily-generic-statistics"),
    Route("GET", "/services/statisticservice/api/province-risk-map"),
]
KVKK = "/services/kvkkservice/api/"
RIGHTS = [
    Route("GET", f"{KVKK}clarification-texts"),
    Route("GET", f"{KVKK}clarification-texts/{{front}}"),
    Route("GET", f"{KVKK}inventory"),
    Route("POST", f"{KVKK}who-asked", {"child_tckn": None, "limit": 5, "before": 9}, ("child_tckn", "before")),
    Route("POST", f"{KVKK}requests", {"right": "erasure", "text": "x", "child_tckn": None}, ("child_tckn",)),
    Route("GET", f"{KVKK}requests"),
    Route("GET", f"{KVKK}requests/{{request_number}}"),
]
BODIES = {"C1": VISIT, "C2": CODE, "C3": CODE, "C4": [CODE], "C5": CODE, "C6": [CODE]}
CORPORATE = [
    Route("POST", BASES[environment] + suffix, BODIES[name], ("location",))
    for environment in (LIVE, TEST)
    for name, suffix in SUFFIXES.items()
]
ROUTES = [*APPLICATION, *RIGHTS, *CORPORATE, *APPLICATIONS, *REGISTERED_MAIL, *TEXTS, *CERTIFICATES, *LAB]
