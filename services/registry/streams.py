"""The streams of the registry: a kind, and the codes by which a thing is known."""

from datetime import date

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


def professional(region_code: str, provider_code: str, staff: str) -> str:
    """A professional as a region knows them, by the provider and its own staff key."""
    return f"professional/{region_code}/{provider_code}/{staff}"


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


def partnership(code: str) -> str:
    """A partnership, by its number."""
    return f"partnership/{code}"


def board(number: str) -> str:
    """A school board, by its number."""
    return f"board/{number}"


def lot(code: str) -> str:
    """A lot, by its code, which begins with the region's."""
    return f"lot/{code}"


def data_source(programme_code: str, source: str) -> str:
    """A source of figures of a programme."""
    return f"data-source/{programme_code}/{source}"


def contacts(programme_code: str, site_code: str) -> str:
    """The contacts of a school."""
    return f"contacts/{programme_code}/{site_code}"


def holidays(holiday_region: str, school_year: str) -> str:
    """The holidays of a holiday region in a school year."""
    return f"holidays/{holiday_region}/{school_year}"


def site_holidays(site_code: str, school_year: str) -> str:
    """The holidays of a site that deviates, in a school year."""
    return f"site-holidays/{site_code}/{school_year}"


def transition(id_: str) -> str:
    """A transition of schools, by its own id."""
    return f"transition/{id_}"


def introduction(programme_code: str, site_code: str, provider_code: str, staff: str) -> str:
    """The meetings of a worker with a school."""
    return f"introduction/{programme_code}/{site_code}/{provider_code}/{staff}"


def recruitment(programme_code: str, site_code: str, provider_code: str, staff: str) -> str:
    """The school's part in the recruitment of a worker."""
    return f"recruitment/{programme_code}/{site_code}/{provider_code}/{staff}"


def absence(id_: str) -> str:
    """An absence, by its own id."""
    return f"absence/{id_}"


def presence(programme_code: str, site_code: str, day: date, provider_code: str, staff: str) -> str:
    """A worker at a school on a day; in this order, so that a school's days stand together."""
    return f"presence/{programme_code}/{site_code}/{day.isoformat()}/{provider_code}/{staff}"


def team(programme_code: str, site_code: str, kind: str) -> str:
    """A team of a school."""
    return f"team/{programme_code}/{site_code}/{kind}"


def development_questions(programme_code: str, site_code: str) -> str:
    """The development questions of a school."""
    return f"development-questions/{programme_code}/{site_code}"


def action_plan(programme_code: str, site_code: str) -> str:
    """The action plan of a school."""
    return f"action-plan/{programme_code}/{site_code}"
