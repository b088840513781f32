"""The aggregates of the registry as the log keeps them."""

from services.registry import (
    assignment,
    claims,
    municipality,
    municipality_participation,
    participation,
    professional,
    programme,
    provider,
    provider_choice,
    pupil_count,
    region,
    school,
    site,
)
from services.registry.assignment import Assignment, AssignmentEvent
from services.registry.columns import columns
from services.registry.municipality import Municipality, MunicipalityRegistered
from services.registry.municipality_participation import MunicipalityParticipation, MunicipalityParticipationEvent
from services.registry.participation import Participation, ParticipationEvent
from services.registry.professional import Professional, ProfessionalEvent
from services.registry.programme import Applied, ProgrammeEvent
from services.registry.provider import Provider, ProviderRegistered
from services.registry.provider_choice import ProviderChoiceEvent, ProviderChoices
from services.registry.pupil_count import PupilCount, PupilCountRecorded
from services.registry.region import Region, RegionDefined
from services.registry.school import School, SchoolEvent
from services.registry.site import Site, SiteEvent
from shared.aggregate import Aggregate

MUNICIPALITIES: Aggregate[Municipality | None, MunicipalityRegistered] = Aggregate(
    (MunicipalityRegistered,), None, municipality.evolve, columns
)
REGIONS: Aggregate[Region | None, RegionDefined] = Aggregate(
    (RegionDefined,), None, region.evolve, columns, claims.of_region, claims.municipality_taken
)
SCHOOLS: Aggregate[School | None, SchoolEvent] = Aggregate(
    (school.SchoolRegistered, school.SchoolRenamed), None, school.evolve, columns
)
SITES: Aggregate[Site | None, SiteEvent] = Aggregate(
    (site.SchoolSiteAdded, site.SchoolTypeChanged, site.SchoolSiteClosed, school.SchoolRenamed),
    None,
    site.evolve,
    columns,
)
PROVIDERS: Aggregate[Provider | None, ProviderRegistered] = Aggregate(
    (ProviderRegistered,), None, provider.evolve, columns
)
PROFESSIONALS: Aggregate[Professional | None, ProfessionalEvent] = Aggregate(
    (professional.ProfessionalRegistered, professional.ProfessionalRegistrationVerified),
    None,
    professional.evolve,
    columns,
)
PROGRAMMES: Aggregate[Applied | None, ProgrammeEvent] = Aggregate(
    (programme.ProgrammeDefined, programme.ProgrammeRuleSwitched), None, programme.evolve, columns
)
MUNICIPALITY_PARTICIPATIONS: Aggregate[MunicipalityParticipation | None, MunicipalityParticipationEvent] = Aggregate(
    (municipality_participation.MunicipalityJoinedProgramme, municipality_participation.MunicipalityLeftProgramme),
    None,
    municipality_participation.evolve,
    columns,
)
PARTICIPATIONS: Aggregate[Participation | None, ParticipationEvent] = Aggregate(
    (participation.SchoolJoinedProgramme, participation.SchoolLeftProgramme), None, participation.evolve, columns
)
PROVIDER_CHOICES: Aggregate[ProviderChoices | None, ProviderChoiceEvent] = Aggregate(
    (provider_choice.ProviderChosenForSchool, provider_choice.ProviderOfSchoolChanged),
    None,
    provider_choice.evolve,
    columns,
    claims.of_choice,
)
ASSIGNMENTS: Aggregate[Assignment | None, AssignmentEvent] = Aggregate(
    (assignment.WorkerAssignedToSchool, assignment.AssignmentHoursChanged, assignment.AssignmentEnded),
    None,
    assignment.evolve,
    columns,
    claims.of_assignment,
    claims.assigned_already,
)
PUPIL_COUNTS: Aggregate[PupilCount | None, PupilCountRecorded] = Aggregate(
    (PupilCountRecorded,), None, pupil_count.evolve, columns
)
