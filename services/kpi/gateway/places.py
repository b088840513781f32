"""Schools, municipalities and providers as the gateway shows them; who and where they are is public."""

import strawberry

from services.kpi.directory import Named, School
from services.kpi.figure import Dimension, KeyPart
from services.kpi.gateway.codes import KINDS, SCHOOL_TYPES, Coded, coded


@strawberry.type(name="Place", description="A municipality, sub-region or provider, by code and name.")
class Place:
    """Something with a code and a name."""

    code: str
    name: str


@strawberry.type(description="A school site (schoollocatie).")
class SchoolRef:
    """A site by its code and name."""

    site_code: str
    name: str


@strawberry.type(name="School", description="A school site that takes part in a programme on a day.")
class SchoolNode:
    """A site with what it is. `number` is its place in the programme's list, from 1."""

    number: int
    site_code: str
    name: str
    type: Coded | None
    municipality: Place | None
    sub_region: str | None
    provider: Place | None
    provider_assumed: bool | None


@strawberry.type(description="What a figure is about: one field per dimension that was asked for.")
class Key:
    """The key of a figure; everything is null in a total."""

    school: SchoolRef | None = None
    municipality: Place | None = None
    sub_region: Place | None = None
    school_type: Coded | None = None
    provider: Place | None = None
    kind: Coded | None = None


def key_of(parts: tuple[KeyPart, ...]) -> Key:
    """The key of a figure; a part whose code is not known stays null."""
    key = Key()
    for part in parts:
        if not part.code:
            continue
        match part.dimension:
            case Dimension.SCHOOL:
                key.school = SchoolRef(site_code=part.code, name=part.name)
            case Dimension.SCHOOL_TYPE:
                key.school_type = coded(part.code, SCHOOL_TYPES)
            case Dimension.KIND:
                key.kind = coded(part.code, KINDS)
            case Dimension.MUNICIPALITY:
                key.municipality = Place(code=part.code, name=part.name)
            case Dimension.SUB_REGION:
                key.sub_region = Place(code=part.code, name=part.name)
            case Dimension.PROVIDER:
                key.provider = Place(code=part.code, name=part.name)
    return key


def school_node(
    number: int, school: School, municipalities: dict[str, str], providers: dict[str, str], assumed: dict[str, bool]
) -> SchoolNode:
    """A school with names for codes."""
    return SchoolNode(
        number=number,
        site_code=school.site,
        name=school.name,
        type=coded(school.type, SCHOOL_TYPES) if school.type else None,
        municipality=_place(school.municipality, municipalities),
        sub_region=school.sub_region,
        provider=_place(school.provider, providers),
        provider_assumed=assumed.get(school.site),
    )


def place(named: Named) -> Place:
    """The same for people outside."""
    return Place(code=named.code, name=named.name)


def _place(code: str | None, names: dict[str, str]) -> Place | None:
    return Place(code=code, name=names.get(code, code)) if code else None
