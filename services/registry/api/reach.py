"""How far an administrator's care reaches: a school and the people who work in its region; a provider's, its own.

What is outside it is here as unknown as what does not exist (G-21). Judged by the copy in memory, which a caller has
waited for.
"""

from datetime import date

from services.registry import streams
from services.registry.api.people import ADMINISTRATORS
from services.registry.kept import ASSIGNMENTS, PROGRAMMES, REGIONS, SITES
from shared.administration.directory import Directory
from shared.auth.caller import Caller


class Reach:
    """What one caller administers, or as a provider may see, today."""

    def __init__(self, caller: Caller, directory: Directory, today: date) -> None:
        self._caller = caller
        self._directory = directory
        self._today = today
        self._workers: set[tuple[str, str]] | None = None

    def school(self, brin: str) -> bool:
        """Whether the school has a site in the caller's region, or was recorded by the caller and has none yet."""
        sites = [self._directory.state(SITES, name) for name in self._directory.names(f"site/{brin}")]
        region = self._directory.state(REGIONS, streams.region(self._caller.region or ""))
        own = region.on(self._today).municipalities if region else ()
        if sites:
            return any(site is not None and site.municipality in own for site in sites)
        return self._recorded(streams.school(brin))

    def professional(self, provider: str, staff: str) -> bool:
        """Whether the worker was recorded by the caller or works in its region; for a provider, is one of its own."""
        if not self._caller.has(*ADMINISTRATORS):
            return self._caller.organisation == provider
        return self._recorded(streams.professional(provider, staff)) or (provider, staff) in self._working()

    def _recorded(self, stream: str) -> bool:
        history = self._directory.history(stream)
        return bool(history) and history[0].key.organisation == self._caller.organisation

    def _working(self) -> set[tuple[str, str]]:
        """Who was ever assigned in a programme of the caller's region."""
        if self._workers is None:
            found = (self._directory.state(ASSIGNMENTS, name) for name in self._directory.names("assignment/"))
            self._workers = {(one.provider, one.staff) for one in found if one and self._own_programme(one.programme)}
        return self._workers

    def _own_programme(self, code: str) -> bool:
        programme = self._directory.state(PROGRAMMES, streams.programme(code))
        return programme is not None and programme.region == self._caller.region
