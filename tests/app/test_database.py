"""How a writing transaction begins on SQLite, where the driver is told directly."""

import pytest
from sqlalchemy import create_engine, event

from app.database import _begin_sqlite, open_database
from issuer.errors import StorageFailed
from issuer.transactions import writing


def test_a_file_that_is_no_database_any_more_is_told_in_our_own_words(tmp_path):
    sound = open_database(f"sqlite:///{tmp_path}/broken.db")
    with writing(sound) as session:
        session.connection().exec_driver_sql("CREATE TABLE a (b)")
    sound.dispose()
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    broken = create_engine(sound.url)
    event.listen(broken, "begin", _begin_sqlite)
    with pytest.raises(StorageFailed, match="DatabaseError"), writing(broken):
        pytest.fail("something was written")
    broken.dispose()
