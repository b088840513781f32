"""How far an administrator's care reaches: the schools of its region, and the providers that work there.

What is outside it is here as unknown as what does not exist (G-21). Judged by the copy in memory, which a caller has
waited for.
"""

from datetime import date

from services.registry import streams
from services.registry.kept import PROGRAMMES, PROVIDER_CHOICES, REGIONS, SITES
from shared.administration.directory import Directory
from shared.auth.caller import Caller


class Reach:
    """What one caller administers today."""

    def __init__(self, caller: Caller, directory: Directory, today: date) -> None:
        self._caller = caller
        self._directory = directory
        self._today = today

    def school(self, brin: str) -> bool:
        """Whether the school has a site in the caller's region, or was recorded by the caller and has none yet."""
        sites = [self._directory.state(SITES, name) for name in self._directory.names(f"site/{brin}")]
        region = self._directory.state(REGIONS, streams.region(self._caller.region or ""))
        own = region.on(self._today).municipalities if region else ()
        if sites:
            return any(site is not None and site.municipality in own for site in sites)
        return self.recorded(streams.school(brin))

    def provider(self, code: str) -> bool:
        """Whether the provider works in the region: recorded by the caller, with people there, or chosen there."""
        region = self._caller.region or ""
        people = self._directory.names(f"professional/{region}/{code}/")
        return self.recorded(streams.provider(code)) or next(people, None) is not None or self._chosen(code)

    def _chosen(self, provider: str) -> bool:
        programmes = (self._directory.state(PROGRAMMES, name) for name in self._directory.names("programme/"))
        own = [one.programme for one in programmes if one is not None and one.region == self._caller.region]
        choices = (
            self._directory.state(PROVIDER_CHOICES, name)
            for programme in own
            for name in self._directory.names(f"provider-choice/{programme}/")
        )
        return any(one is not None and any(each.provider == provider for each in one.choices) for one in choices)

    def recorded(self, stream: str) -> bool:
        """Whether the caller's organisation recorded it first."""
        history = self._directory.history(stream)
        return bool(history) and history[0].key.organisation == self._caller.organisation
