"""Which column of ours a header means, as an institution has said it before."""

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.office_tables import ColumnMappingRow
from issuer.tables import Institution, stored_id

_LONGEST = 200


def remembered(session: Session, institution: Institution, columns: Collection[str]) -> dict[str, str]:
    """Give what headers meant the last time, by header in small letters, as far as `columns` are known."""
    rows = session.exec(
        select(ColumnMappingRow.header, ColumnMappingRow.column).where(
            ColumnMappingRow.institution_id == institution.id
        )
    )
    return {header: column for header, column in rows if not column or column in columns}


def remember(
    session: Session, desk: Deployment, institution: Institution, mapping: Mapping[str, str]
) -> None:
    """Keep what a person has said headers mean, within a writing transaction."""
    told = {header.strip().casefold(): column for header, column in mapping.items()}
    told = {header: column for header, column in told.items() if 0 < len(header) <= _LONGEST}
    known = session.exec(
        select(ColumnMappingRow)
        .where(ColumnMappingRow.institution_id == institution.id)
        .where(col(ColumnMappingRow.header).in_(set(told)))
    )
    rows = {row.header: row for row in known}
    for header, column in told.items():
        row = rows.get(header) or ColumnMappingRow(
            institution_id=stored_id(institution), header=header, column="", used=desk.now()
        )
        row.column, row.used = column, desk.now()
        session.add(row)
