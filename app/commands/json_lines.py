"""Write lines that any terminal, pipe or file takes: values as JSON, and texts of strangers."""

import json
import sys
from typing import Any


def json_line(value: Any) -> str:
    """Write letters as they are where standard output is UTF-8, and as escapes elsewhere."""
    utf_8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not utf_8)


def printable(line: str) -> str:
    """Leave nothing in a line that could move the cursor or turn the reading direction."""
    return "".join(each if each.isprintable() else "\ufffd" for each in line)
