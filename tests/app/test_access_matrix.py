"""Every route x everybody: nobody crosses from one institution, faculty or role into another (THREATS W1).

Made from the URL map, so that a new route is tried without anybody thinking of it: one with a parameter that
is not known here fails. What is expected is derived from the act that the view names and from ALLOWED.
"""

import re
from collections import Counter

import pytest
from access_world import ELSEWHERE, HERE, AccessWorld

from issuer.staff.roles import ALLOWED, Act, Role

SAFE = ("GET", "HEAD")
# Which thing of an institution a parameter names; by the part of the route before it where that decides.
THINGS = {
    "batch_id": "batch_id",
    "named": "credential",
    "credential_id": "credential",
    "bulk": "bulk",
    "mail_id": "mail_id",
    "person_id": "person_id",
    "token_id": "token_id",
    "statement_id": "statement",
    "faculties/code": "faculty",
    "drafts/public_id": "draft",
    "versions/public_id": "version",
    "definitions/public_id": "version",
}
# Parameters that name nothing of an institution.
WORDS = {
    "act": "revoke",
    "kind": "json",
    "report": "pilot",
    "mail-texts/kind": "award",
    "badges/kind": "png",
    "language": "en",
    "member": ELSEWHERE,
    "name": "badge.png",
    "digest": "0" * 64,
    "thumbprint": "A" * 43,
    "token": "no-such-token",
    "secret": "no-such-secret",
    "code": "AAAAAAAAAAAAAAAAAAAAAA",
    "share_id": "AAAAAAAAAAAAAAAAAAAAAA",
    "filename": "testamur.css",
    "public_id": "no-such-thing",
    "issuer": "jose",
    "did": "did:key:z6Mk",
}
# In a faculty beside, what belongs to the institution as a whole is there or not by the act alone.
OF_FACULTIES = {"batch_id", "credential", "bulk", "mail_id", "draft", "version"}
WHOLE = {
    Act.RECOGNISE,
    Act.WRITE_MAIL_TEXTS,
    Act.READ_AUDIT,
    Act.READ_REPORTS,
    Act.MANAGE_PEOPLE,
    Act.MANAGE_TOKENS,
    Act.MANAGE_INSTITUTION,
}
FORM = {"act": "revoke", "reason": "error", "revision": "1", "step": "basics"}  # so that none stops at once
MAY_LACK = re.compile(
    r"/batches/template|/credentials/act|/left-out|/undo|/send-back|/sample\.png"
)  # they ask for more
READ_FIRST = re.compile(r"/definitions/drafts/<public_id>$")  # the form must be one of ours before it counts


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = AccessWorld(tmp_path_factory.mktemp("matrix") / "var")
    yield made
    made.close()


class Tried:
    """The combinations that were tried, and what went wrong with them."""

    def __init__(self):
        self.faults = []
        self.counts = Counter()

    def add(self, wanted, got, *told, crossing=False):
        self.counts["tried"] += 1
        if got not in wanted or got >= 500:
            self.counts["crossings"] += crossing and got < 400
            self.faults.append(f"{' '.join(map(str, told))}: {got}, not {sorted(wanted)}")


def test_nobody_crosses(world, capsys):
    tried, routes = Tried(), _routes(world)
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):  # reading first: POSTs take things away
        for rule in routes:
            if method in rule.methods:
                _try_route(world, tried, rule, method)
    for rule in routes:
        _try_without_csrf(world, tried, rule)
    people, programs = len(world.callers), len(world.programs)
    with capsys.disabled():
        print(
            f"\naccess matrix: {len(routes)} routes x {people} people and {programs} programs "
            f"= {tried.counts['tried']} combinations, {tried.counts['crossings']} crossings"
        )
    assert tried.faults == [], "\n".join(tried.faults[:60])


def test_every_route_is_known(world):
    for rule in _routes(world):
        _path(world, rule, HERE, HERE)


def test_unknown_parameter_fails():
    with pytest.raises(AssertionError, match="brand_new"):
        _value({}, "/console/<slug>/things/<brand_new>", "brand_new")


def _routes(world):
    return sorted(world.office.app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _try_route(world, tried, rule, method):
    view = world.office.app.view_functions[rule.endpoint]
    if rule.rule.startswith("/api/v1/") and hasattr(view, "api_act"):
        _try_call(world, tried, rule, method, view.api_act)
    elif hasattr(view, "console_act"):
        for caller in world.callers if method != "HEAD" else world.callers[-4:]:
            for slug, owner in _addresses(rule, caller):
                wanted, crossing = _expected(rule, view.console_act, caller, slug, owner, method)
                got = _ask(world, caller, method, _path(world, rule, slug, owner))
                tried.add(
                    wanted, got, method, _path(world, rule, slug, owner), caller.name, crossing=crossing
                )
    else:
        for caller in (world.callers[0], world.callers[-4]):
            got = _ask(world, caller, method, _path(world, rule, HERE, HERE))
            tried.add(range(200, 500), got, method, rule.rule, caller.name)


def _addresses(rule, caller):
    """Give pairs of the address's institution and of whose things it names."""
    if "slug" not in rule.arguments:
        return [(HERE, HERE)]
    if caller.slug == ELSEWHERE:
        return [(HERE, HERE), (ELSEWHERE, HERE)]
    return [(HERE, HERE), (HERE, ELSEWHERE), (ELSEWHERE, ELSEWHERE)]


def _expected(rule, act, caller, slug, owner, method):
    """Give the statuses that may come, and whether a success would be a crossing."""
    if act == "anyone":
        return range(200, 500), False
    if caller.state == "out":
        return ({303} if method in SAFE else {401}), True
    if caller.state == "no_second_factor" and not rule.rule.startswith("/staff/"):
        return {303}, False
    if act == "signed_in":
        return {200, 303, 400, 403, 404, 409, 422}, False
    if rule.rule.startswith("/consortium"):
        may = Role.CONSORTIUM_ADMIN in caller.roles
        return (_good(rule, method), False) if may else ({403}, True)
    if caller.slug != slug:
        return {404}, True
    if act != "any_role" and not _may(act, caller):
        return {403}, True
    named = {_thing(rule.rule, name) for name in rule.arguments} - {None}
    not_theirs = "mail_id" in named and not _may(Act.READ_CREDENTIALS, caller)  # it is about a learner
    if named and (owner != slug or not_theirs or (caller.confined and named & OF_FACULTIES)):
        return ({403, 404, 400} if READ_FIRST.search(rule.rule) and method == "POST" else {403, 404}), True
    return _good(rule, method), False


def _may(act, caller):
    if caller.confined and act in WHOLE:
        return False
    return any(act in ALLOWED[role] for role in caller.roles)


def _good(rule, method):
    """Give what may come where the door is open: a page, or what a form without its fields is answered."""
    if method in SAFE and not MAY_LACK.search(rule.rule):
        return {200, 303}
    return {200, 303, 400, 404, 409, 422}


def _try_call(world, tried, rule, method, act):
    people = world.callers if method != "HEAD" else world.callers[-4:]
    for caller in [*people, *world.programs]:
        for slug, owner in _addresses(rule, caller)[: 3 if caller.bearer else 1]:
            if caller.state == "out" or not caller.bearer:
                wanted, crossing = {401}, True  # cookies are not read
            elif caller.slug != slug:
                wanted, crossing = {404}, True
            elif act not in caller.acts:
                wanted, crossing = {403}, True
            elif owner != slug and any(_thing(rule.rule, name) for name in rule.arguments):
                wanted, crossing = {404, 422}, True
            else:
                wanted, crossing = {200, 201, 409, 422}, False
            path = _path(world, rule, slug, owner)
            got = _ask(world, caller, method, path)
            tried.add(wanted, got, method, path, caller.name, crossing=crossing)


def _try_without_csrf(world, tried, rule):
    """Send each form of the staff with a session and without its token (THREATS W2)."""
    view = world.office.app.view_functions[rule.endpoint]
    if not hasattr(view, "console_act"):
        return
    for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
        for caller in world.callers:
            if caller.name != "nobody":
                path = _path(world, rule, caller.slug or HERE, caller.slug or HERE)
                got = caller.client.open(path, method=method, base_url=world.office.base_url).status_code
                tried.add({400}, got, method, path, caller.name, "without CSRF token")


def _ask(world, caller, method, path):
    headers = {"Authorization": f"Bearer {caller.bearer}"} if caller.bearer else {}
    options = {"base_url": world.office.base_url, "headers": headers, "buffered": True}
    if method in SAFE:
        return caller.client.open(path, method=method, **options).status_code
    data = FORM if path.startswith("/api/") else FORM | {"csrf_token": world.office.csrf(caller.client)}
    return caller.client.open(path, method=method, data=data, **options).status_code


def _path(world, rule, slug, owner):
    values = {"slug": slug} if "slug" in rule.arguments else {}
    for name in rule.arguments - {"slug"}:
        values[name] = _value(world.things[owner], rule.rule, name)
    built = rule.build(values)
    assert built is not None, rule.rule
    return built[1]


def _value(things, rule, name):
    thing = _thing(rule, name)
    if thing is not None:
        return things[thing]
    before = _before(rule, name)
    word = WORDS.get(f"{before}/{name}", WORDS.get(name))
    assert word is not None, f"give a value for <{name}> of {rule}"
    return word


def _thing(rule, name):
    before = _before(rule, name)
    return THINGS.get(f"{before}/{name}", THINGS.get(name) if rule.startswith(("/console", "/api")) else None)


def _before(rule, name):
    """Give the fixed part of a route that stands before a parameter."""
    found = re.search(rf"([a-z-]+)/(?:<[^>]*>)?[^/]*<(?:[^<>]*:)?{name}>", rule)
    return found[1] if found else ""
