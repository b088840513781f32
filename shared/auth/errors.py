"""Why somebody is not let in; `shared.web` turns these into answers.

Unauthenticated          401, the same whatever is wrong with the token
└─ NotYetValid           401 that tells the server's time: the sender's clock is ahead
Forbidden                403, signed in but not allowed
TooMany                  429
KeysUnavailable          503, the issuer's keys are too old to trust
"""

from datetime import datetime


class Unauthenticated(Exception):
    """No token, or one that is not accepted; nobody is told which check failed. `offered`: there was a token."""

    def __init__(self, offered: bool = True) -> None:
        super().__init__("not authenticated")
        self.offered = offered


class NotYetValid(Unauthenticated):
    """A genuine token whose time has not come: the sender's clock is ahead of `now` (UTC)."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now


class Forbidden(Exception):
    """Signed in, but without the role, scope or organisation for this; `code` is the problem's code."""

    def __init__(self, code: str = "forbidden") -> None:
        super().__init__(code)
        self.code = code


class TooMany(Exception):
    """More requests than the client's rate allows; `retry_after` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after


class KeysUnavailable(Exception):
    """The issuer has not been reached for so long that its keys are no longer trusted."""
