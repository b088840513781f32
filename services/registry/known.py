"""What a decision may know of other streams: read at the head, and only what is of the caller's region.

A site in another region, or a programme of another region, is here as unknown as one that does not exist (G-21).
"""

from dataclasses import dataclass
from datetime import date

from services.registry import streams
from services.registry.kept import (
    MUNICIPALITIES,
    PARTICIPATIONS,
    PROFESSIONALS,
    PROGRAMMES,
    PROVIDERS,
    REGIONS,
    SCHOOLS,
    SITES,
)
from services.registry.participation import Participation
from services.registry.professional import Professional
from services.registry.programme import Applied
from services.registry.region import Region
from services.registry.school import School
from services.registry.site import Site
from shared.acts import Others


@dataclass(frozen=True, slots=True)
class Known:
    """The other streams of an act, for a caller of `own_region` (None: of no region), who administers it `today`."""

    others: Others
    own_region: str | None
    today: date

    def region(self) -> Region | None:
        """The caller's own region, as it is defined today."""
        region = REGIONS.fold(self.others.get(streams.region(self.own_region or ""), []))
        return region.on(self.today) if region else None

    def municipality(self, code: str) -> bool:
        """Whether the municipality is registered."""
        return MUNICIPALITIES.fold(self.others.get(streams.municipality(code), [])) is not None

    def school(self, brin: str) -> School | None:
        """The school with this BRIN."""
        return SCHOOLS.fold(self.others.get(streams.school(brin), []))

    def site(self, code: str) -> Site | None:
        """The site, when its municipality is in the caller's region."""
        site, region = SITES.fold(self.others.get(streams.site(code), [])), self.region()
        return site if site and region and site.municipality in region.municipalities else None

    def programme(self, code: str) -> Applied | None:
        """The programme, when it is of the caller's region."""
        programme = PROGRAMMES.fold(self.others.get(streams.programme(code), []))
        return programme if programme and programme.region == self.own_region else None

    def provider(self, code: str) -> bool:
        """Whether the provider is registered."""
        return PROVIDERS.fold(self.others.get(streams.provider(code), [])) is not None

    def professional(self, provider: str, staff: str) -> Professional | None:
        """The professional of this provider."""
        return PROFESSIONALS.fold(self.others.get(streams.professional(provider, staff), []))

    def participation(self, programme: str, site: str) -> Participation | None:
        """The participation of the site in the programme."""
        return PARTICIPATIONS.fold(self.others.get(streams.participation(programme, site), []))
