"""Tell Alembic which tables there are and on which connection to work."""

from alembic import context
from sqlmodel import SQLModel

import issuer.tenancy  # noqa: F401  (imports every table, which fills SQLModel.metadata)


def run() -> None:
    """Migrate on the connection that `app.database.upgrade` hands over."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
