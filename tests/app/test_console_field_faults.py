"""A refusal stands on top of the form and at its field, and what was typed stays (DESIGN.md, forms)."""

import io
import re
from html import unescape

import pytest
from console_office import PASSWORD, ConsoleOffice

from issuer.staff.roles import Role
from issuer.staff.tokens import invite

PEOPLE = "/console/uef/people"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = ConsoleOffice(tmp_path_factory.mktemp("faults") / "var")
    yield made
    made.close()


@pytest.fixture(scope="module")
def ada(office):
    return office.person("Ada Admin", Role.INSTITUTION_ADMIN)


@pytest.fixture
def browser(office, ada):
    return office.client(ada)


@pytest.fixture
def consortium(office):
    return office.client(office.person("Kim", Role.CONSORTIUM_ADMIN, slug=None))


def input_of(page, name):
    return re.search(rf'<(?:input|select)[^>]*\bname="{re.escape(name)}"[^>]*>', page.text)[0]


def check_fault(page, name, id, words):
    """See the words in the alert, and the same in the note that the field names."""
    assert page.status_code == 422
    assert words in unescape(re.search(r'role="alert">(.*?)</p>', page.text, re.DOTALL)[1])
    note = re.search(rf'<p class="note block" id="{id}-fault">(.*?)</p>', page.text, re.DOTALL)
    assert words in unescape(note[1])
    assert 'aria-invalid="true"' in input_of(page, name)
    assert re.search(rf'aria-describedby="[^"]*\b{id}-fault"', page.text)
    ids = set(re.findall(r'\bid="([^"]+)"', page.text))
    assert all(
        each in ids for told in re.findall(r'aria-describedby="([^"]+)"', page.text) for each in told.split()
    )


def check_no_fault(page):
    assert page.status_code == 200
    assert "aria-invalid" not in page.text
    assert "-fault" not in page.text


INVITED = {"name": "Eva Nová", "email": "eva@staff.example", "role": ["auditor"]}


@pytest.mark.parametrize(
    ("change", "name", "id", "words"),
    [
        ({"role": []}, "role", "roles", "Choose one role at least."),
        ({"email": "no address"}, "email", "email", "is not an e-mail address"),
        ({"email": " "}, "email", "email", "“E-mail address” is empty."),
        ({"name": ""}, "name", "name", "“Name” is empty."),
    ],
)
def test_an_invitation_is_refused_at_the_field(office, browser, change, name, id, words):
    check_no_fault(office.get(browser, f"{PEOPLE}/invite"))
    page = office.post(browser, f"{PEOPLE}/invite", INVITED | change)
    check_fault(page, name, id, words)
    for field in {"name", "email"} - set(change):
        assert f'value="{INVITED[field]}"' in input_of(page, field)


@pytest.mark.parametrize(
    ("change", "name", "id", "words"),
    [
        ({"name": ""}, "name", "name", "“Name of the program” is empty. Fill it in."),
        ({"expires": "soon"}, "expires", "expires", "2027-06-30"),
        ({"act": []}, "act", "acts", "one act at least"),
    ],
)
def test_a_token_is_refused_at_the_field(office, browser, change, name, id, words):
    form = {"name": "Register", "act": ["read_audit"], "expires": "2026-12-31"}
    check_no_fault(office.get(browser, "/console/uef/tokens"))
    check_fault(office.post(browser, "/console/uef/tokens", form | change), name, id, words)


@pytest.mark.parametrize(
    ("change", "id", "words"),
    [
        ({"run": ""}, "run", "Name the run"),
        ({"awarded": "30/06"}, "awarded", "is not a day"),
        ({"definition": ""}, "definition", "Choose the micro-credential"),
        ({"file": None}, "file", "Choose a file"),
        ({"file": b"\x00\x01"}, "file", ""),
    ],
)
def test_a_class_list_is_refused_at_the_field(office, change, id, words):
    nam = office.client(office.person("Nam", Role.ISSUER))
    path = "/console/uef/batches/new"
    check_no_fault(office.get(nam, path))
    version = f"{office.definition.code}@{office.definition.version}"
    form = {
        "definition": version,
        "run": "Spring <2026>",
        "awarded": "2026-06-30",
        "file": b"name\nEva",
    } | change
    data = form.pop("file")
    if data is not None:
        form["file"] = (io.BytesIO(data), "list.csv")
    page = office.post(nam, path, form)
    check_fault(page, id, id, words)
    if id != "run":
        assert 'value="Spring &lt;2026&gt;"' in input_of(page, "run")


@pytest.mark.parametrize(
    ("change", "name", "id", "words"),
    [
        ({"present": "another one altogether"}, "present", "present", "does not fit"),
        ({"password": "short", "again": "short"}, "password", "pw", "it needs"),
        ({"again": "else"}, "again", "again", "not the same"),
    ],
)
def test_a_password_is_refused_at_the_field(office, change, name, id, words):
    someone = office.client(office.person("Someone", Role.AUTHOR))
    check_no_fault(office.get(someone, "/staff/account"))
    new = "eleven loud magpies sang"
    form = {"present": PASSWORD, "password": new, "again": new} | change
    check_fault(office.post(someone, "/staff/account/password", form), name, id, words)


@pytest.mark.parametrize(
    ("change", "name", "id", "words"),
    [
        ({"password": "short", "again": "short"}, "password", "pw", "it needs"),
        ({"again": "else"}, "again", "again", "not the same"),
        ({"name": " "}, "name", "name", "“Your name” is empty."),
    ],
)
def test_an_account_is_opened_at_the_field(office, ada, change, name, id, words):
    email = f"new-{id}@staff.example"
    sent = invite(office.desk(ada), email=email, name="New", grants=[(Role.AUTHOR, None)])
    path = "/staff/" + sent.link.partition("/staff/")[2]
    web = office.browser()
    check_no_fault(office.get(web, path))
    new = "eleven loud magpies sang"
    form = {"name": "New Person", "password": new, "again": new} | change
    check_fault(office.post(web, path, form), name, id, words)


def test_a_new_institution_is_refused_at_the_field(office, consortium):
    path = "/consortium/institutions/new"
    check_no_fault(office.get(consortium, path))
    form = {"slug": "third", "name": "Third", "country": "CZ", "url": "https://third.example"}
    form |= {"accent": "#1f3f6b", "admin_name": "Eva", "admin_email": "eva@third.example"}
    nobody = office.post(consortium, path, form | {"admin_email": ""})
    check_fault(nobody, "admin_email", "admin_email", "“E-mail address of the administrator” is empty.")
    assert 'value="Third"' in input_of(nobody, "name")
    bad = office.post(consortium, path, form | {"admin_email": "x"})
    check_fault(bad, "admin_email", "admin_email", "“x” is not an e-mail address")
    taken = office.post(consortium, path, form | {"slug": "other"})
    check_fault(taken, "slug", "slug", "“other” already")
    assert office.post(consortium, path, form).status_code == 303


def seen(page):
    return re.search(r'name="seen" value="([^"]*)"', page.text)[1]


def test_whoever_changes_their_own_roles_reads_why_they_sign_in_again(office):
    own = office.person("Own", Role.INSTITUTION_ADMIN)
    browser, path = office.client(own), f"{PEOPLE}/{own.public_id}"
    same = {"seen": seen(office.get(browser, path)), "role": ["institution_admin"]}
    unchanged = office.post(browser, f"{path}/roles", same)
    assert unchanged.headers["Location"] == f"{path}?done=roles"
    changed = office.post(browser, f"{path}/roles", same | {"role": ["institution_admin", "auditor"]})
    assert changed.headers["Location"] == "/staff/sign-in?done=roles"
    page = office.get(browser, changed.headers["Location"])
    assert "Your roles have changed: sign in again." in page.text
    assert "Your roles have changed" not in office.get(browser, "/staff/sign-in").text


def test_whoever_changes_the_roles_of_another_stays(office, browser):
    other = office.person("Other", Role.AUTHOR)
    path = f"{PEOPLE}/{other.public_id}"
    form = {"seen": seen(office.get(browser, path)), "role": ["auditor"]}
    answer = office.post(browser, f"{path}/roles", form)
    assert answer.headers["Location"] == f"{path}?done=roles"
    assert office.get(browser, path).status_code == 200


def test_inviting_oneself_ends_the_session_with_the_same_words(office):
    own = office.person("Twice", Role.INSTITUTION_ADMIN)
    form = {"name": "Twice", "email": own.email, "role": ["auditor"]}
    answer = office.post(office.client(own), f"{PEOPLE}/invite", form)
    assert answer.headers["Location"] == "/staff/sign-in?done=roles"
