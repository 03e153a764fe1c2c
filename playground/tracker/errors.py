"""What the tracker refuses, in GitHub's words."""

from playground.records import Doc

DOCS = "https://docs.github.com/rest"


class TrackerError(Exception):
    """A refusal with its HTTP status. ``errors`` says what is wrong with which field, as GitHub's 422 does."""

    def __init__(self, message: str, status: int, errors: list[Doc] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.errors = errors or []

    def as_json(self) -> Doc:
        """Answer the body of the answer."""
        errors = {"errors": self.errors} if self.errors else {}
        return {"message": self.message} | errors | {"documentation_url": DOCS, "status": str(self.status)}


def invalid(resource: str, field: str, code: str, message: str = "") -> TrackerError:
    """Answer the refusal of one field: missing_field, invalid, already_exists, or custom with a sentence."""
    wrong: Doc = {"resource": resource, "field": field, "code": code}
    return TrackerError("Validation Failed", 422, [wrong | {"message": message} if message else wrong])


def not_found() -> TrackerError:
    """Answer the refusal of what is not there."""
    return TrackerError("Not Found", 404)
