"""What contracts must know of the registry, from its own copy of the facts: programmes, providers, sites.

A copy may be a moment behind; a caller that has just registered something passes the registry's token in `atLeast`.
"""

from collections.abc import Sequence

import orjson

from shared.domain.events import TYPE_PREFIX
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text
from shared.log.events import StoredEvent


class Facts:
    """Filled by a follower of the registry's log."""

    def __init__(self) -> None:
        self._regions: dict[str, str] = {}
        self._providers: set[str] = set()
        self._sites: set[str] = set()

    def apply(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events, in order; twice is the same as once."""
        for event in events:
            match event.type.removeprefix(TYPE_PREFIX):
                case "programme-defined.v1":
                    told = orjson.loads(event.payload)
                    self._regions[told["programme"]] = told["region"]
                case "provider-registered.v1":
                    self._providers.add(orjson.loads(event.payload)["provider"])
                case "school-site-added.v1":
                    self._sites.add(orjson.loads(event.payload)["site"])

    def reset(self) -> None:
        """Forget everything: the registry's log was restored and will be read again."""
        self._regions.clear()
        self._providers.clear()
        self._sites.clear()

    def region(self, programme: str) -> str | None:
        """The region whose programme it is; None for an unknown programme."""
        return self._regions.get(programme)

    def programme_finding(self, programme: str, region: str | None) -> Finding | None:
        """For a programme that is unknown or another region's: the two are not told apart (G-21)."""
        known = region is not None and self.region(programme) == region
        return None if known else _unknown("programme", "/programme", "dit programma", "this programme")

    def provider_finding(self, provider: str) -> Finding | None:
        """For a provider that is not registered."""
        known = provider in self._providers
        return None if known else _unknown("provider", "/provider", "deze aanbieder", "this provider")

    def site_finding(self, site: str, pointer: str) -> Finding | None:
        """For a school site that is not registered."""
        return None if site in self._sites else _unknown("site", pointer, "deze vestiging", "this site")


def _unknown(noun: str, pointer: str, nl: str, en: str) -> Finding:
    return Finding(
        f"no-such-{noun}",
        Severity.BLOCK,
        pointer,
        Text(f"{nl} is niet geregistreerd", f"{en} is not registered"),
        Text("leg dat eerst vast in de registratie", "record that in the registry first"),
    )
