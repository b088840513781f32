"""Who sees what, as long as there is no disclosure control (architecture section 4).

| Caller | Sees of a programme |
|---|---|
| `programme-admin` of its region (steward) | everything |
| `school`, `support-coordinator` | the figures of its own sites |
| `provider-manager`, `provider-system` | the figures of its own work |
| others that the programme was granted to, or whose municipality takes part | totals of the programme |
| others | nothing about pupils and staff |

Figures about what is public (`protects: NOTHING`: schools by type, municipalities) are open to every signed-in caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from services.kpi.definitions import Protects
from services.kpi.directory import Programme
from services.kpi.figure import Dimension
from services.kpi.gateway.reader import Reader
from services.kpi.gateway.refusal import Refusal, not_found
from services.kpi.measures import open_measures
from shared.auth.caller import Caller
from shared.domain.texts import Text
from shared.feeds.checkpoints import Connection

Where = Mapping[Dimension, Sequence[str]]

OWN_SITES = ("school", "support-coordinator")
"""Who sees the figures of its own sites."""
OWN_WORK = ("provider-manager", "provider-system")
"""Who sees the figures of its own work."""

# Tells the transaction whose rows it may see (sql/policies.sql): what no query of the gateway can widen by forgetting
# a condition.
_ADMIT = """
select set_config('jos.measures', $1::text[]::text, true),
    set_config('jos.programmes', app.programmes_seen($2, $3, $4, $5)::text, true),
    set_config('jos.providers', $6::text[]::text, true),
    set_config('jos.sites', app.sites_of($7)::text, true)"""

# The sites of these schools (BRIN) or with these codes.
_SITES = "select distinct site from app.site_span where site = any($1) or school = any($1) order by site"


class Reach(Enum):
    """How far a caller sees into a programme."""

    EVERYTHING = auto()
    OWN = auto()
    TOTALS = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller sees of a programme; for `OWN`, `own` has the dimension and the codes that are its own."""

    reach: Reach
    own: Where = field(default_factory=dict)


async def admit(connection: Connection, caller: Caller, today: date) -> None:
    """Let the transaction see what is this caller's, before it reads: the table above as row-level security."""
    bound = caller.has(*OWN_WORK) or (caller.has(*OWN_SITES) and bool(caller.schools))
    await connection.execute(
        _ADMIT,
        list(open_measures()),
        caller.region if caller.has("programme-admin") else None,
        [] if bound else sorted(caller.programmes),
        [] if bound else sorted(caller.municipalities),
        today,
        [caller.organisation] if caller.has(*OWN_WORK) else [],
        sorted(caller.schools) if caller.has(*OWN_SITES) else [],
    )


async def sight(reader: Reader, programme: Programme) -> Sight:
    """What the caller sees of a programme."""
    caller = reader.caller
    if caller.has("programme-admin") and caller.region is not None and caller.region == programme.region:
        return Sight(Reach.EVERYTHING)
    if caller.has(*OWN_SITES) and caller.schools:
        return Sight(Reach.OWN, {Dimension.SCHOOL: await _sites(reader)})
    if caller.has(*OWN_WORK):
        return Sight(Reach.OWN, {Dimension.PROVIDER: (caller.organisation,)})
    if programme.code in caller.programmes or await _takes_part(reader, programme):
        return Sight(Reach.TOTALS)
    return Sight(Reach.NOTHING)


def permit(seen: Sight, protects: Protects, by: Sequence[Dimension], where: Where) -> Where:
    """The filter by which a caller may have these figures.

    Raises `Refusal`: `FORBIDDEN` below a programme total, `NOT_FOUND` for what is somebody else's.
    """
    if protects is Protects.NOTHING or seen.reach is Reach.EVERYTHING:
        return where
    if seen.reach is Reach.OWN:
        return _kept_to(seen.own, where)
    if seen.reach is Reach.NOTHING or by or where:
        raise forbidden(seen)
    return where


def forbidden(seen: Sight) -> Refusal:
    """Why a caller does not get this, and what it can ask instead."""
    if seen.reach is Reach.NOTHING:
        text = Text("De cijfers van dit programma zijn niet voor u.", "The figures of this programme are not for you.")
        hint = Text(
            "Vraag toegang aan de beheerder van het programma; kpi's over scholen en gemeenten zijn open.",
            "Ask the programme's administrator for access; KPIs about schools and municipalities are open.",
        )
        return Refusal("FORBIDDEN", text, 403, hint)
    text = Text(
        "Onder het totaal van het programma zijn deze cijfers er alleen voor de beheerder, de eigen school en de eigen "
        "aanbieder.",
        "Below the programme's total these figures are for the steward, the own school and the own provider alone.",
    )
    hint = Text("Vraag zonder by en zonder plaats in filter.", "Ask without by and without a place in filter.")
    return Refusal("FORBIDDEN", text, 403, hint)


def _kept_to(own: Where, where: Where) -> Where:
    kept = dict(where)
    for dimension, codes in own.items():
        asked = where.get(dimension, codes)
        if not set(asked) <= set(codes):
            raise not_found(dimension.lower())
        kept[dimension] = asked
    return kept


async def _sites(reader: Reader) -> tuple[str, ...]:
    codes = sorted(reader.caller.schools)

    async def ask(connection: Connection) -> tuple[str, ...]:
        return tuple(row["site"] for row in await connection.fetch(_SITES, codes))

    return await reader.once("own sites", ask)


async def _takes_part(reader: Reader, programme: Programme) -> bool:
    if not reader.caller.municipalities:
        return False
    members = await reader.municipalities(programme.code, reader.today)
    return not reader.caller.municipalities.isdisjoint(each.code for each in members)
