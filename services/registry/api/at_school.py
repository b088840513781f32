"""What happens at a school in a programme: which streams an act there rests on, and who sees what comes of it."""

from services.registry import streams
from services.registry.kept import PARTICIPATIONS, PROGRAMMES
from shared.administration.reading import Reading
from shared.auth.caller import Caller


def rests_on(caller: Caller, programme: str, site: str, *workers: tuple[str, str]) -> list[str]:
    """The programme, the participation, and the workers (provider, staff) as the caller's region knows them."""
    people = [streams.professional(caller.region or "", provider, staff) for provider, staff in workers]
    return [streams.programme(programme), streams.participation(programme, site), *people]


def within(programme: str | None, site: str | None) -> str:
    """How the names of the streams at a school (or of a programme) go on."""
    return f"{programme}/{site or ''}" if programme else ""


def sees_school(reading: Reading, programme: str, site: str) -> bool:
    """Whether the school is of the caller's region, its own, in its municipality, or one that it helps as provider."""
    caller, directory = reading.caller, reading.running.directory
    known = directory.state(PROGRAMMES, streams.programme(programme))
    if known is not None and known.region == caller.region:
        return True
    if caller.has("school", "support-coordinator"):
        return not caller.schools.isdisjoint((site, site[:4]))
    participation = directory.state(PARTICIPATIONS, streams.participation(programme, site))
    return participation is not None and participation.municipality in caller.municipalities
