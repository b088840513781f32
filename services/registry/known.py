"""What a decision may know of other streams: read at the head, and only what is of the caller's region.

A site in another region, or a programme of another region, is here as unknown as one that does not exist (G-21).
"""

from dataclasses import dataclass
from datetime import date

from services.registry import streams
from services.registry.action_plan import ActionPlan
from services.registry.at_school import AtSchool
from services.registry.development_question import DevelopmentQuestions
from services.registry.introduction import Introduction
from services.registry.kept import (
    ACTION_PLANS,
    BOARDS,
    DEVELOPMENT_QUESTIONS,
    INTRODUCTIONS,
    LOTS,
    MUNICIPALITIES,
    PARTICIPATIONS,
    PARTNERSHIPS,
    PROFESSIONALS,
    PROGRAMMES,
    PROVIDERS,
    RECRUITMENTS,
    REGIONS,
    SCHOOLS,
    SITES,
)
from services.registry.participation import Participation
from services.registry.professional import Professional
from services.registry.programme import Applied
from services.registry.recruitment import Recruitment
from services.registry.region import Region
from services.registry.school import School
from services.registry.site import Site
from shared.acts import Others


@dataclass(frozen=True, slots=True)
class Known:
    """The other streams of an act, for a caller of `own_region` (None: of no region), who administers it `today`.

    `schools` (site codes or BRINs) are those for which a caller with the role `school` acts, `municipalities` those of
    a `municipal-account-holder`: for what happens at a school they stand beside the region.
    """

    others: Others
    own_region: str | None
    today: date
    schools: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()

    def region(self) -> Region | None:
        """The caller's own region, as it is defined today."""
        region = REGIONS.fold(self.others.get(streams.region(self.own_region or ""), []))
        return region.on(self.today) if region else None

    def municipality(self, code: str) -> bool:
        """Whether the municipality is registered."""
        return MUNICIPALITIES.fold(self.others.get(streams.municipality(code), [])) is not None

    def stands(self, code: str, day: date) -> bool:
        """Whether the municipality stands by itself on this day; false when it has become a part of another one."""
        state = MUNICIPALITIES.fold(self.others.get(streams.municipality(code), []))
        return state is None or state.merged(day) is None

    def school(self, brin: str) -> School | None:
        """The school with this BRIN."""
        return SCHOOLS.fold(self.others.get(streams.school(brin), []))

    def board(self, number: str) -> bool:
        """Whether the school board is registered."""
        return BOARDS.fold(self.others.get(streams.board(number), [])) is not None

    def partnership(self, code: str) -> bool:
        """Whether the partnership is registered."""
        return PARTNERSHIPS.fold(self.others.get(streams.partnership(code), [])) is not None

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
        """The professional of this provider, as the caller's region knows them."""
        return PROFESSIONALS.fold(self.others.get(streams.professional(self.own_region or "", provider, staff), []))

    def introduction(self, programme: str, site: str, provider: str, staff: str) -> Introduction | None:
        """The meetings of the worker with the school."""
        return INTRODUCTIONS.fold(self.others.get(streams.introduction(programme, site, provider, staff), []))

    def recruitment(self, programme: str, site: str, provider: str, staff: str) -> Recruitment | None:
        """The school's part in the worker's recruitment."""
        return RECRUITMENTS.fold(self.others.get(streams.recruitment(programme, site, provider, staff), []))

    def lot_allows(self, lot: str | None, day: date) -> bool:
        """Whether the lot, of the caller's own region, allows work without registration on this day (2C-35)."""
        known = LOTS.fold(self.others.get(streams.lot(lot or ""), []))
        return known is not None and known.region == self.own_region and known.allowed.at(day) is True

    def action_plan(self, programme: str, site: str) -> ActionPlan | None:
        """The school's action plan."""
        return ACTION_PLANS.fold(self.others.get(streams.action_plan(programme, site), []))

    def development_questions(self, programme: str, site: str) -> DevelopmentQuestions | None:
        """The school's development questions."""
        return DEVELOPMENT_QUESTIONS.fold(self.others.get(streams.development_questions(programme, site), []))

    def at_school(self, programme: str, site: str, provider: str | None = None, staff: str | None = None) -> AtSchool:
        """The school in the programme, when it is of the caller's region, schools or municipalities; and a worker."""
        applied = PROGRAMMES.fold(self.others.get(streams.programme(programme), []))
        participation = self.participation(programme, site)
        own = applied is not None and applied.region == self.own_region
        own = own or site in self.schools or site[:4] in self.schools
        own = own or (participation is not None and participation.municipality in self.municipalities)
        worker = self.professional(provider, staff) if provider and staff else None
        return AtSchool(applied, participation, worker) if own else AtSchool(None, None)

    def participation(self, programme: str, site: str) -> Participation | None:
        """The participation of the site in the programme."""
        return PARTICIPATIONS.fold(self.others.get(streams.participation(programme, site), []))
