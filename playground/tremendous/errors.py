"""What the gift service refuses, in the form of its API."""

from playground.records import Doc


class TremendousError(Exception):
    """A refusal with its HTTP status. ``payload`` says what is wrong with which field."""

    def __init__(self, message: str, status: int, payload: Doc | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.payload = payload or {}

    def as_json(self) -> Doc:
        """Answer the body of the answer."""
        payload = {"payload": self.payload} if self.payload else {}
        return {"status": self.status, "errors": {"message": self.message} | payload}


def invalid(field: str, words: str) -> TremendousError:
    """Answer the refusal of one field, named by its path in the body."""
    return TremendousError(f"{field} {words}", 422, {field: words})


def not_found() -> TremendousError:
    """Answer the refusal of what is not there."""
    return TremendousError("Not found", 404)
