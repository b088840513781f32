"""The streams of the registry: a kind, and the codes by which a thing is known."""

SOURCE = "urn:jos:registry"
"""The source of the registry's own events."""


def municipality(code: str) -> str:
    """A municipality, by its CBS code."""
    return f"municipality/{code}"


def region(code: str) -> str:
    """A region, by its code."""
    return f"region/{code}"


def school(brin: str) -> str:
    """A school, by its BRIN."""
    return f"school/{brin}"


def site(code: str) -> str:
    """A site, by BRIN and site number."""
    return f"site/{code}"


def provider(code: str) -> str:
    """A provider, by `kvknr:` and its number."""
    return f"provider/{code}"


def professional(provider_code: str, staff: str) -> str:
    """A professional, by the provider and its own staff key."""
    return f"professional/{provider_code}/{staff}"


def programme(code: str) -> str:
    """A programme, by its code."""
    return f"programme/{code}"


def municipality_participation(programme_code: str, municipality_code: str) -> str:
    """A municipality in a programme."""
    return f"municipality-participation/{programme_code}/{municipality_code}"


def participation(programme_code: str, site_code: str) -> str:
    """A site in a programme."""
    return f"participation/{programme_code}/{site_code}"


def provider_choice(programme_code: str, site_code: str) -> str:
    """The provider that a site chose in a programme."""
    return f"provider-choice/{programme_code}/{site_code}"


def assignment(id_: str) -> str:
    """An assignment, by its own id."""
    return f"assignment/{id_}"


def pupil_count(site_code: str, school_year: str) -> str:
    """The number of pupils of a site in a school year."""
    return f"pupil-count/{site_code}/{school_year}"
