"""How tasks are written into the queue: JSON, never pickle, for the worker that reads them holds the keys."""

import json
from typing import Any

from huey.registry import Message
from huey.serializer import Serializer


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Write a task's name and plain arguments as JSON; refuse all else with TypeError or ValueError."""

    def _serialize(self, data: Any) -> bytes:
        if not isinstance(data, Message):
            raise TypeError("only tasks are written into the queue")
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Any:
        values = json.loads(data)
        if not isinstance(values, dict) or not set(values) <= set(Message._fields):
            raise ValueError("an entry of the queue is not a task")
        return Message(**values)
