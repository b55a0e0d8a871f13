"""Files for their owner alone: secrets, and the databases that hold people's names."""

import os
from pathlib import Path


def create_private(path: Path, text: str = "") -> bool:
    """Make a file that only its owner may read, with a text; say whether it was not there before.

    One that is there already is left as it is. Raises OSError.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return True
