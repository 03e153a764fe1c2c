"""What is wrong with blocks, each finding in Slack's form: the trouble and a pointer to where it is."""

from collections.abc import Collection, Sequence
from typing import Any


class Findings:
    """Collects what is wrong, as ``[ERROR] must be less than 76 characters [json-pointer:/blocks/0/text]``."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, trouble: str, path: str) -> None:
        """Note a trouble."""
        self.messages.append(f"[ERROR] {trouble} [json-pointer:{path}]")

    def mapping(self, value: Any, path: str) -> bool:
        """Check that something is an object."""
        if not isinstance(value, dict):
            self.add("must be an object", path)
            return False
        return True

    def keys(self, value: dict[str, Any], path: str, known: Collection[str], required: Collection[str] = ()) -> None:
        """Check an object's keys."""
        for name in value:
            if name not in known:
                self.add(f"unexpected field: {name}", path)
        for name in required:
            if name not in value:
                self.add(f"missing required field: {name}", path)

    def string(self, holder: dict[str, Any], name: str, path: str, most: int, least: int = 0) -> None:
        """Check a text of an object, where the object has it: at most so many characters, and at least."""
        value = holder.get(name)
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", f"{path}/{name}")
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", f"{path}/{name}")
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", f"{path}/{name}")

    def items(self, holder: dict[str, Any], name: str, path: str, most: int, least: int = 1) -> list[Any]:
        """Check how many a list of an object holds, and answer it; an empty list where there is none."""
        value = holder.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add("must be an array", f"{path}/{name}")
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", f"{path}/{name}")
        if len(value) < least:
            self.add(f"must have at least {least} items", f"{path}/{name}")
        return value

    def choice(self, holder: dict[str, Any], name: str, path: str, among: Sequence[str]) -> None:
        """Check that a text of an object, where it has it, is one of a few."""
        if name in holder and holder[name] not in among:
            self.add(f"must be one of: {', '.join(sorted(among))}", f"{path}/{name}")

    def switch(self, holder: dict[str, Any], name: str, path: str) -> None:
        """Check that something is true or false, where it is."""
        if name in holder and not isinstance(holder[name], bool):
            self.add("must be a boolean", f"{path}/{name}")
