"""A page for staff, or a call for programs, that does not say who may use it stops the start (THREATS W1)."""

import pytest
from flask import Flask

from app.api.access import refuse_unguarded_calls, token_may
from app.console.access import needs, refuse_unguarded
from issuer.staff.roles import Act


def nothing(**_values):
    return ""


@pytest.mark.parametrize("rule", ["/console/<slug>/new", "/staff/new", "/consortium/new"])
def test_a_page_that_names_no_act_stops_the_start(rule):
    app = Flask("pages")
    app.add_url_rule("/open", view_func=lambda: "")
    app.add_url_rule("/console/<slug>/good", "good", needs(Act.READ_BATCHES)(nothing))
    refuse_unguarded(app)
    app.add_url_rule(rule, "new", nothing)
    with pytest.raises(RuntimeError, match="/new does not say"):
        refuse_unguarded(app)


def test_a_call_that_names_no_act_stops_the_start():
    app = Flask("calls")
    app.add_url_rule("/api/v1/openapi.json", "described", nothing)
    app.add_url_rule("/api/v1/<slug>/good", "good", token_may(Act.READ_BATCHES)(nothing))
    refuse_unguarded_calls(app, open_paths=("/api/v1/openapi.json",))
    app.add_url_rule("/api/v1/<slug>/new", "new", nothing)
    with pytest.raises(RuntimeError, match="/new does not say"):
        refuse_unguarded_calls(app, open_paths=("/api/v1/openapi.json",))
