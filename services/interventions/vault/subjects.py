"""The subjects of one request: known ones, and proposals for new ones until it is decided to keep them."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from services.interventions.vault.vault import Pupil, Vault


class Subjects:
    """Looks up first, adds last: nothing is added for what is refused or only tried."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._subjects: dict[Pupil, UUID] = {}
        self._kept: set[Pupil] = set()
        self._shown: set[Pupil] = set()

    async def look_up(self, pupils: Iterable[Pupil]) -> None:
        """Find those that are known, without adding any."""
        known = await self._vault.known(set(pupils) - self._kept)
        self._subjects |= known

    def of(self, pupil: Pupil) -> UUID:
        """The pupil's subject; for a pupil that is not known the id that it will get."""
        self._shown.add(pupil)
        return self._subjects.setdefault(pupil, uuid4())

    async def keep(self, pupils: Iterable[Pupil]) -> bool:
        """Make sure that these have their subjects. False when a decision saw one that has turned out to differ."""
        wanted = {pupil: self._subjects.get(pupil) or uuid4() for pupil in set(pupils) - self._kept}
        found = await self._vault.resolve(wanted)
        differs = any(pupil in self._shown and self._subjects[pupil] != subject for pupil, subject in found.items())
        self._subjects |= found
        self._kept |= found.keys()
        return not differs
