"""Plans go on to the lint as they were stored, and are stored once whoever has them at hand."""

from dataclasses import replace

import pytest
from issuing_office import CODE, class_list
from sqlmodel import select

from issuer.plan import plan_rows
from issuer.tables import CredentialRow, OutboxMailRow
from issuer.transactions import reading


def texts(office):
    with reading(office.engine) as session:
        return {row.urn: row.secured for row in session.exec(select(CredentialRow)).all()}


@pytest.mark.parametrize("suspension", [False, True], ids=["one list", "two lists"])
def test_whoever_plans_goes_on_with_what_any_other_would_read(office, suspension):
    office.ready(suspension=suspension)
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(4))
    batch = office.issuer.start_batch(preview, by="registrar")
    planned = plan_rows(office.issuer.deployment, office.links, batch, at_most=3)
    read = office.issuer._issuing._planned(batch)
    assert planned.line == 4  # the first line says what the columns are
    assert {plan.credential_id: plan for plan in planned.plans} == {
        plan.credential_id: replace(plan, list_ids=tuple(sorted(plan.list_ids))) for plan in read
    }
    assert len(planned.plans) == 3
    nothing = plan_rows(office.issuer.deployment, office.links, batch, at_most=3, after=5)
    assert (nothing.plans, nothing.line) == ((), 0)


def test_plans_that_were_handed_on_are_stored_once_whoever_reads_them_too(office):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(3))
    batch = office.issuer.start_batch(preview, by="registrar")
    issuing = office.issuer._issuing
    mine = plan_rows(office.issuer.deployment, office.links, batch, at_most=3).plans
    with issuing._desks(batch) as desks:
        first, second = (issuing._begin(plans, desks) for plans in (mine, issuing._planned(batch)))
        issuing._fulfil(second)
        stored = texts(office)
        issuing._fulfil(first)
    assert texts(office) == stored
    assert office.issuer.issue_batch(batch).issued == len(stored) == 3
    with reading(office.engine) as session:
        assert len(session.exec(select(OutboxMailRow)).all()) == 3
