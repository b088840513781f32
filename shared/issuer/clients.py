"""The clients of the built-in issuer, as they stand in a file."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from shared.auth.caller import ROLES
from shared.settings import Misconfigured


class Client(BaseModel):
    """A client: how it proves who it is (`secretHash` or `jwks`), and what its tokens say."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)

    id: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,128}$")
    secret_hash: str | None = Field(default=None, pattern=r"^scrypt\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$")
    jwks: dict[str, object] | None = None
    organisation: str
    roles: list[str]
    scopes: list[str] = []
    schools: list[str] = []
    programmes: list[str] = []
    municipalities: list[str] = []
    region: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.secret_hash is None) == (self.jwks is None):
            raise ValueError("either secretHash or jwks")
        if not ROLES.issuperset(self.roles):
            raise ValueError("a role that does not exist")
        return self

    def claims(self) -> dict[str, object]:
        """What a token says about this client, besides its scope."""
        return {
            "sub": self.id,
            "client_id": self.id,
            "organisation": self.organisation,
            "roles": self.roles,
            "schools": self.schools,
            "programmes": self.programmes,
            "municipalities": self.municipalities,
            **({"region": self.region} if self.region else {}),
        }


_LIST = TypeAdapter(list[Client])


class Clients:
    """The clients of a file, read anew when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._clients: dict[str, Client] = {}
        self.find("")

    def find(self, client_id: str) -> Client | None:
        """The client of this id. Raises `Misconfigured` when the file is missing or not as it should be."""
        try:
            found = self._path.stat()
            if self._read_at != (found.st_mtime_ns, found.st_size):
                self._clients = {client.id: client for client in _LIST.validate_json(self._path.read_bytes())}
                self._read_at = (found.st_mtime_ns, found.st_size)
        except OSError:
            raise Misconfigured("clients", "the file of clients is missing or unreadable") from None
        except ValidationError as error:
            raise Misconfigured("clients", f"{error.error_count()} errors in the file of clients") from None
        return self._clients.get(client_id)
