"""How far an administrator's care reaches: the schools of its region.

What is outside it is here as unknown as what does not exist (G-21). Judged by the copy in memory, which a caller has
waited for.
"""

from datetime import date

from services.registry import streams
from services.registry.kept import REGIONS, SITES
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
        return self._recorded(streams.school(brin))

    def _recorded(self, stream: str) -> bool:
        history = self._directory.history(stream)
        return bool(history) and history[0].key.organisation == self._caller.organisation
