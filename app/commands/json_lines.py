"""Write a value as one line of JSON that any terminal, pipe or file takes."""

import json
import sys
from typing import Any


def json_line(value: Any) -> str:
    """Write letters as they are where standard output is UTF-8, and as escapes elsewhere."""
    utf_8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not utf_8)
