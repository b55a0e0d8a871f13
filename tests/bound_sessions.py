"""A database with two institutions, 1 and 2, whose rows tell by their numbers whose they are."""

from datetime import UTC, datetime

from sqlmodel import Session, SQLModel, create_engine

from issuer.staff_tables import Faculty, Person, RoleGrantRow, StaffSession
from issuer.tables import DefinitionRow, Institution

NOW = datetime(2026, 7, 3, tzinfo=UTC)


def two_institutions(*, only=(1, 2)):
    """Give an engine in memory; with `only=(1,)` the second institution is not there."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        for number in only:
            fill(session, number)
        session.commit()
    return engine


def fill(session, number):
    words = {"names": "{}", "profile": "{}", "presentation": "{}", "country": "VN", "created": NOW}
    session.add(Institution(id=number, slug=f"slug{number}", name=f"name{number}", **words))
    session.flush()
    for place in (number, number + 2):
        session.add(Faculty(id=place, institution_id=number, code=f"f{place}", name=f"F{place}", created=NOW))
        session.add(Person(id=place, public_id=f"p{place}", email=f"e{place}", name=f"N{place}", created=NOW))
        session.flush()
        session.add(
            DefinitionRow(id=place, institution_id=number, faculty_id=place, code=f"d{place}", created=NOW)
        )
        grant = {"person_id": place, "institution_id": number, "role": "author"}
        session.add(RoleGrantRow(id=place, granted_by="test", created=NOW, **grant))
        times = {"created": NOW, "last_seen": NOW, "expires": NOW}
        session.add(StaffSession(id=place, token_hash=f"t{place}", person_id=place, **times))
    session.flush()
