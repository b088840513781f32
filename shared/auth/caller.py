"""Who is calling: the organisation a token stands for, and what it may."""

from dataclasses import dataclass, field

ROLES = frozenset(
    (
        "provider-system",
        "provider-manager",
        "local-team",
        "school",
        "support-coordinator",
        "municipal-analyst",
        "municipal-account-holder",
        "partnership",
        "network-group",
        "registry-admin",
        "contract-manager",
        "programme-admin",
        "researcher",
        "bi",
        "auditor",
    )
)
"""The roles there are; what each may do stands in the table of docs/connecting."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller.

    `organisation` is `kvknr:99990001`, `oin:<20 digits>`, `gm:GM0546`, `brin:99HA` or `region:HR`; `schools` are site
    codes or BRINs, `programmes` programme codes, `municipalities` GM codes. An empty set grants nothing.
    """

    client_id: str
    organisation: str
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)
    schools: frozenset[str] = field(default_factory=frozenset)
    programmes: frozenset[str] = field(default_factory=frozenset)
    municipalities: frozenset[str] = field(default_factory=frozenset)
    region: str | None = None

    def has(self, *roles: str) -> bool:
        """Whether the caller has at least one of these roles."""
        return not self.roles.isdisjoint(roles)
