"""The application as a whole: headers on every route, one host, forms with tokens, limits."""

import json
import re

import pytest
from app_fakes import CODE, SHARE, SHORT, TOKEN, World, multipart
from yardsticks import yardsticks

from app.factory import MAX_CONTENT_BYTES
from app.request_log import write_log_to_stderr
from app.settings import Settings

PATHS = {
    "/": 200,
    "/catalogue": 200,
    "/catalogue.json": 200,
    "/verify": 200,
    "/c": 200,
    f"/c/{CODE}": 200,
    "/c/unknown": 404,
    f"/h/{TOKEN}": 200,
    f"/h/{TOKEN}/certificate.pdf": 200,
    f"/h/{TOKEN}/certificate.png": 200,
    f"/h/{TOKEN}/badge.png": 200,
    f"/h/{TOKEN}/badge.svg": 200,
    f"/h/{TOKEN}/credential.json": 200,
    f"/h/{TOKEN}/european-learning-model.jsonld": 200,
    "/h/unknown": 404,
    f"/s/{SHARE}": 200,
    f"/s/{SHARE}/card.png": 200,
    "/s/unknown": 404,
    "/status/uef/revocation/1": 200,
    "/status/unknown": 404,
    f"/refresh/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77/{TOKEN}": 404,  # of no certificate
    "/institutions/uef/did.json": 200,
    "/trust-list.json": 404,  # nothing was published yet
    "/.well-known/did.json": 404,
    "/.well-known/jwks.json": 200,
    "/institutions/uef/keys/abc.jwk": 200,
    "/institutions/uef/keys/abd.jwk": 404,
    "/institutions/unknown/keys/abc.jwk": 404,
    "/institutions/uef/accent.css": 200,
    "/institutions/unknown/did.json": 404,
    "/institutions/unknown/accent.css": 404,
    "/achievements/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77": 200,
    "/achievements/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77/badge.png": 200,
    f"/badges/{'0' * 64}.png": 404,
    "/achievements/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77/badge.svg": 200,
    "/achievements/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77/criteria": 303,
    "/achievements/unknown": 404,
    "/contexts/micro-credential-v1.json": 200,
    "/schemas/micro-credential-v1.json": 200,
    "/schemas/recognition-decision-v1.json": 200,
    "/recognition-statements.json": 200,
    "/achievements/0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77/endorsements": 404,  # of an office without tables
    "/outbox": 200,
    "/healthz": 200,
    "/metrics": 404,  # without its token
    "/readyz": 200,
    "/robots.txt": 200,
    "/favicon.ico": 200,
    "/static/testamur.css": 200,
    "/static/fonts/noto-sans-lao-lao-400-normal.woff2": 200,
}
PUBLISHED = (
    "/status/",
    "/institutions/uef/did.json",
    "/institutions/uef/keys/",
    "/.well-known/jwks.json",
    "/contexts/",
    "/schemas/",
    "/achievements/0d6f2f0e",
    "/catalogue.json",
)


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_every_route_answers_with_every_header(demo_world, path, status):
    response = demo_world.get(path)
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy or path.endswith("badge.svg")
    assert "'unsafe-eval'" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert re.fullmatch("[0-9A-F]{8}", response.headers["X-Request-Id"])
    assert "Cache-Control" in response.headers


def test_the_table_above_names_every_route(demo_world):
    def fits(rule: str) -> bool:
        pattern = re.sub(r"<path:[^>]+>", ".+", rule)
        pattern = re.sub(r"<any\([^>]+>", "[^/]+", pattern)
        return any(re.fullmatch(re.sub("<[^>]+>", "[^/]+", pattern), path) for path in PATHS)

    rules = [str(rule) for rule in demo_world.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    assert [rule for rule in rules if not fits(rule)] == []


def test_html_carries_nothing_that_the_policy_forbids(demo_world):
    for path in PATHS:
        response = demo_world.get(path)
        if response.mimetype == "text/html":
            assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", response.text), path
            loaded = re.findall(
                r'<(?:img|link rel="(?:stylesheet|icon)")[^>]*(?:src|href)="([^"]+)"', response.text
            )
            assert [each for each in loaded if not each.startswith("/")] == [], path


def test_plain_http_on_loopback_promises_no_https(tmp_path, credential):
    world = World(tmp_path, credential, TESTAMUR_BASE_URL="http://127.0.0.1:8080")
    assert "Strict-Transport-Security" not in world.get("/").headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "badges.example.edu.evil.example",
        "evil.example#badges.example.edu",
        "badges.example.edu@evil.example",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "badges.example.edu.",
        "badges.example.edu, evil.example",
        "xbadges.example.edu",
        "",
        "bad ges",
    ],
)
@pytest.mark.parametrize("path", ["/", f"/c/{CODE}", f"/h/{TOKEN}", f"/s/{SHARE}", "/healthz"])
def test_another_host_is_refused(world, host, path):
    response = world.web.get(path, headers={"Host": host, "Accept": "text/html"})
    assert response.status_code == 400
    assert "evil" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "81"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"},
        {"X-Host": "evil.example", "X-Forwarded-Server": "evil.example"},
    ],
)
def test_forwarded_names_are_ignored(demo_world, headers):
    for path in ("/", f"/h/{TOKEN}", f"/s/{SHARE}", f"/c/{CODE}", "/outbox"):
        response = demo_world.get(path, **headers)
        assert response.status_code == 200
        assert "/evil" not in response.text.replace("https://evil.example/x", "")
        addresses = set(re.findall(r"https?://[^/\"'<\s]+", response.text))
        assert not any("evil" in each or ":81" in each for each in addresses - {"https://evil.example"})


def test_every_full_link_has_the_host_of_the_settings(world):
    shared = world.get(f"/s/{SHARE}").text
    assert f'property="og:image" content="https://badges.example.edu/s/{SHARE}/card.png"' in shared
    assert f'value="https://badges.example.edu/s/{SHARE}"' in world.get(f"/h/{TOKEN}").text


def test_no_view_reads_the_host_of_the_request():
    from app.factory import ROOT

    sources = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    assert not re.search(r"request\.(host|url|base_url|root_url|url_root|host_url)\b|\b_external\b", sources)


def test_the_loopback_names_are_one_on_loopback(tmp_path, credential):
    world = World(tmp_path, credential, TESTAMUR_BASE_URL="http://127.0.0.1:8080")
    for host in ("127.0.0.1:8080", "localhost:8080"):
        assert world.web.get("/", headers={"Host": host}).status_code == 200
    assert world.web.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_thirty_thousand_parts_are_refused_at_once(world):
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n\r\n' % n for n in range(30_000)
    )
    kind = "multipart/form-data; boundary=x"
    statuses = []

    def post():
        statuses.append(world.post("/verify", data=parts + b"--x--\r\n", content_type=kind).status_code)

    assert yardsticks(post) < 10
    assert statuses == [413]
    few = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n{}\r\n--x--\r\n'
    assert world.post("/verify", data=few, content_type=kind).status_code == 200


def test_a_body_beyond_six_mebibytes_is_refused(world):
    data = b"a" * (MAX_CONTENT_BYTES + 1)
    response = world.post("/verify", data=data, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "more than we read" in response.text


@pytest.mark.parametrize("size", [1_600_000, 5_000_000])
def test_pasted_text_is_bounded(world, size):
    assert world.post("/verify", **multipart(text="{" + "a" * size)).status_code == 413
    assert world.post("/verify", data={"text": "{" + "a" * size}).status_code == 413
    assert world.post("/verify", **multipart(text="{" + "a" * 1_000_000)).status_code == 200


def test_a_form_of_very_many_fields_is_refused_at_once(world):
    encoded = {"content_type": "application/x-www-form-urlencoded"}
    statuses = []

    def post():
        for number in (2_900_000, 520_000):
            statuses.append(world.post("/verify", data=b"a&" * number, **encoded).status_code)

    assert yardsticks(post) < 20
    assert statuses == [413, 413]
    assert world.post("/verify", data=b"a&" * 19, **encoded).status_code == 422


def test_a_form_that_changes_something_needs_its_token(world):
    assert world.post(f"/h/{TOKEN}", data={"show": "grade", "page": "public"}).status_code == 400
    assert not world.office.kept.visibility.grade
    token = re.search(r'name="csrf_token" value="([^"]+)"', world.get(f"/h/{TOKEN}").text)[1]
    form = {"csrf_token": token, "show": ["grade"], "page": "public"}
    assert world.post(f"/h/{TOKEN}", data=form).status_code == 303
    assert world.office.kept.visibility.grade
    crossing = {"Sec-Fetch-Site": "cross-site"}
    assert world.post(f"/h/{TOKEN}", data=form, headers=crossing).status_code == 400


def test_the_session_cookie_is_tied_to_the_host(world):
    cookie = world.get(f"/h/{TOKEN}").headers["Set-Cookie"]
    assert cookie.startswith("__Host-testamur=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_guessing_is_slowed_down(tmp_path, credential):
    world = World(tmp_path, credential, TESTAMUR_LIMIT_CODES="3 per minute")
    for _ in range(3):
        assert world.post("/c", data={"code": "0000-0000"}).status_code == 404
    refused = world.post("/c", data={"code": SHORT})
    assert refused.status_code == 429
    assert "Too many attempts" in refused.text


@pytest.mark.parametrize("path", ["/h/", "/c/", "/s/"])
def test_missing_is_slowed_down_and_finding_is_not(tmp_path, credential, path):
    world = World(tmp_path, credential, TESTAMUR_LIMIT_CODES="3 per minute")
    good = {"/h/": TOKEN, "/c/": CODE, "/s/": SHARE}[path]
    for _ in range(6):
        assert world.get(path + good).status_code == 200
    for _ in range(3):
        assert world.get(path + "x" * 22).status_code == 404
    assert world.get(path + "x" * 22).status_code == 429


def test_checking_is_slowed_down(tmp_path, credential):
    world = World(tmp_path, credential, TESTAMUR_LIMIT_VERIFY="2 per minute")
    assert [world.post("/verify", data={"text": "{}"}).status_code for _ in range(3)] == [200, 200, 429]
    assert world.get("/verify").status_code == 200


def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(tmp_path, credential):
    for proxies, last in (("0", 429), ("1", 200)):
        world = World(
            tmp_path, credential, TESTAMUR_LIMIT_VERIFY="2 per minute", TESTAMUR_TRUSTED_PROXIES=proxies
        )
        codes = [
            world.post(
                "/verify", data={"text": "{}"}, headers={"X-Forwarded-For": f"198.51.{n}.7"}
            ).status_code
            for n in range(3)
        ]
        assert codes == [200, 200, last]


def test_the_outbox_exists_in_the_demonstration_only(world, demo_world):
    assert world.get("/outbox").status_code == 404
    page = demo_world.get("/outbox").text
    assert f'<a href="https://badges.example.edu/h/{TOKEN}">' in page
    assert 'href="https://evil.example' not in page


def test_static_files_are_kept_and_private_pages_are_not(world):
    assert "immutable" in world.get("/static/testamur.css").headers["Cache-Control"]
    for path in (f"/h/{TOKEN}", f"/h/{TOKEN}/credential.json", f"/c/{CODE}"):
        assert world.get(path).headers["Cache-Control"] == "no-store"
        assert "noindex" in world.get(path).headers["X-Robots-Tag"]


def test_readiness_is_about_the_database(world):
    def broken():
        raise OSError("no database")

    object.__setattr__(world.services, "ready", broken)
    assert world.get("/readyz").status_code == 503
    assert world.get("/healthz").status_code == 200


def test_the_log_holds_no_address_and_no_name(world, capsys):
    write_log_to_stderr()
    world.get(f"/h/{TOKEN}")
    world.get(f"/c/{CODE}?name=Nguyen")
    world.post("/verify", data={"text": "{}", "recipient": "minh.anh@example.edu"})
    written = capsys.readouterr()
    log = written.err
    assert written.out == ""
    assert all(json.loads(line)["event"] == "request" for line in log.splitlines())
    assert "/h/<token>" in log
    for secret in (TOKEN, CODE, "Nguyen", "minh.anh", "127.0.0.1"):
        assert secret not in log


def test_create_app_takes_the_settings_that_it_is_given():
    from app import create_app

    assert Settings.__name__ in str(create_app.__annotations__["settings"])
