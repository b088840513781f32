"""The aggregates of the registry as the log keeps them."""

from services.registry import (
    absence,
    action_plan,
    assignment,
    board,
    claims,
    contact,
    data_source,
    development_question,
    holiday,
    introduction,
    lot,
    municipality,
    municipality_participation,
    participation,
    partnership,
    presence,
    professional,
    programme,
    provider,
    provider_choice,
    pupil_count,
    recruitment,
    region,
    school,
    site,
    team,
    transition,
)
from services.registry.absence import Absence, AbsenceEvent
from services.registry.action_plan import ActionPlan, ActionPlanEvent
from services.registry.assignment import Assignment, AssignmentEvent
from services.registry.board import Board, BoardEvent
from services.registry.columns import by_name, columns, replacing
from services.registry.contact import ContactRoleFilled, Contacts
from services.registry.data_source import DataSource, DataSourceEvent
from services.registry.development_question import DevelopmentQuestionEvent, DevelopmentQuestions
from services.registry.holiday import HolidayEvent, Holidays
from services.registry.introduction import Introduction, IntroductionEvent
from services.registry.lot import Lot, LotEvent
from services.registry.municipality import Municipality, MunicipalityEvent
from services.registry.municipality_participation import MunicipalityParticipation, MunicipalityParticipationEvent
from services.registry.participation import Participation, ParticipationEvent
from services.registry.partnership import Partnership, PartnershipEvent
from services.registry.presence import Presence, PresenceEvent
from services.registry.professional import Professional, ProfessionalEvent
from services.registry.programme import Applied, ProgrammeEvent
from services.registry.provider import Provider, ProviderEvent
from services.registry.provider_choice import ProviderChoiceEvent, ProviderChoices
from services.registry.pupil_count import PupilCount, PupilCountRecorded
from services.registry.recruitment import Recruitment, RecruitmentInvolvementRecorded
from services.registry.region import Region, RegionDefined
from services.registry.school import School, SchoolEvent
from services.registry.site import Site, SiteEvent
from services.registry.team import Team, TeamEvent
from services.registry.transition import Transition, TransitionEvent
from shared.aggregate import Aggregate

MUNICIPALITIES: Aggregate[Municipality | None, MunicipalityEvent] = Aggregate(
    (municipality.MunicipalityRegistered, municipality.MunicipalityRenamed, municipality.MunicipalityMerged),
    None,
    municipality.evolve,
    by_name,
)
REGIONS: Aggregate[Region | None, RegionDefined] = Aggregate(
    (RegionDefined,), None, region.evolve, columns, claims.of_region, claims.municipality_taken
)
SCHOOLS: Aggregate[School | None, SchoolEvent] = Aggregate(
    (school.SchoolRegistered, school.SchoolRenamed, school.SchoolPlacedUnderBoard), None, school.evolve, by_name
)
SITES: Aggregate[Site | None, SiteEvent] = Aggregate(
    (
        site.SchoolSiteAdded,
        site.SchoolTypeChanged,
        site.SchoolSiteClosed,
        school.SchoolRenamed,
        site.SiteFunctionSet,
        site.SitePlacedInPartnership,
        site.SiteHolidayRegionSet,
        site.SiteMunicipalityChanged,
        site.TeachersHoursRecorded,
    ),
    None,
    site.evolve,
    columns,
)
PROVIDERS: Aggregate[Provider | None, ProviderEvent] = Aggregate(
    (
        provider.ProviderRegistered,
        provider.ProviderRenamed,
        provider.ProviderAgbRecorded,
        provider.ProviderExpertiseDeclared,
        provider.ProviderExperienceRecorded,
        provider.WlzContractRecorded,
    ),
    None,
    provider.evolve,
    by_name,
)
PROFESSIONALS: Aggregate[Professional | None, ProfessionalEvent] = Aggregate(
    (
        professional.ProfessionalRegistered,
        professional.ProfessionalRegistrationVerified,
        professional.ProfessionalRegistrationLapsed,
        professional.QualificationRecorded,
        professional.SupervisorAppointed,
    ),
    None,
    professional.evolve,
    by_name,
)
PROGRAMMES: Aggregate[Applied | None, ProgrammeEvent] = Aggregate(
    (programme.ProgrammeDefined, programme.ProgrammeRuleSwitched, programme.ProgrammeChangeProposed),
    None,
    programme.evolve,
    columns,
)
MUNICIPALITY_PARTICIPATIONS: Aggregate[MunicipalityParticipation | None, MunicipalityParticipationEvent] = Aggregate(
    (municipality_participation.MunicipalityJoinedProgramme, municipality_participation.MunicipalityLeftProgramme),
    None,
    municipality_participation.evolve,
    columns,
)
PARTICIPATIONS: Aggregate[Participation | None, ParticipationEvent] = Aggregate(
    (
        participation.SchoolJoinedProgramme,
        participation.SchoolLeftProgramme,
        participation.SchoolParticipationLevelSet,
    ),
    None,
    participation.evolve,
    columns,
)
PROVIDER_CHOICES: Aggregate[ProviderChoices | None, ProviderChoiceEvent] = Aggregate(
    (provider_choice.ProviderChosenForSchool, provider_choice.ProviderOfSchoolChanged),
    None,
    provider_choice.evolve,
    columns,
    claims.of_choice,
)
ASSIGNMENTS: Aggregate[Assignment | None, AssignmentEvent] = Aggregate(
    (
        assignment.WorkerAssignedToSchool,
        assignment.AssignmentHoursChanged,
        assignment.AssignmentEnded,
        assignment.ResponsibleAllocationStated,
    ),
    None,
    assignment.evolve,
    columns,
    claims.of_assignment,
    claims.assigned_already,
)
PUPIL_COUNTS: Aggregate[PupilCount | None, PupilCountRecorded] = Aggregate(
    (PupilCountRecorded,), None, pupil_count.evolve, columns
)
INTRODUCTIONS: Aggregate[Introduction | None, IntroductionEvent] = Aggregate(
    (introduction.IntroductionMeetingHeld, introduction.IntroductionMeetingWithdrawn),
    None,
    introduction.evolve,
    by_name,
)
RECRUITMENTS: Aggregate[Recruitment | None, RecruitmentInvolvementRecorded] = Aggregate(
    (RecruitmentInvolvementRecorded,), None, recruitment.evolve, by_name
)
ABSENCES: Aggregate[Absence | None, AbsenceEvent] = Aggregate(
    (absence.AbsenceReported, absence.ReplacementArranged, absence.AbsenceEnded), None, absence.evolve, by_name
)
PRESENCES: Aggregate[Presence | None, PresenceEvent] = Aggregate(
    (presence.PresenceRecorded, presence.PresenceWithdrawn), None, presence.evolve, replacing
)
TEAMS: Aggregate[Team | None, TeamEvent] = Aggregate(
    (team.TeamFormed, team.TeamMemberAdded, team.TeamMemberRemoved), None, team.evolve, by_name
)
DEVELOPMENT_QUESTIONS: Aggregate[DevelopmentQuestions | None, DevelopmentQuestionEvent] = Aggregate(
    (
        development_question.DevelopmentQuestionFormulated,
        development_question.DevelopmentQuestionStateChanged,
    ),
    None,
    development_question.evolve,
    by_name,
)
ACTION_PLANS: Aggregate[ActionPlan | None, ActionPlanEvent] = Aggregate(
    (
        action_plan.ActionPlanDrafted,
        action_plan.ActionPlanSectionCompleted,
        action_plan.ActionPlanAgreed,
        action_plan.ActionPlanRevised,
    ),
    None,
    action_plan.evolve,
    by_name,
)
PARTNERSHIPS: Aggregate[Partnership | None, PartnershipEvent] = Aggregate(
    (partnership.PartnershipRegistered, partnership.PartnershipRenamed), None, partnership.evolve, by_name
)
BOARDS: Aggregate[Board | None, BoardEvent] = Aggregate(
    (board.SchoolBoardRegistered, board.SchoolBoardRenamed), None, board.evolve, by_name
)
LOTS: Aggregate[Lot | None, LotEvent] = Aggregate(
    (lot.LotDefined, lot.ResponsibleAllocationAllowed), None, lot.evolve, by_name
)
DATA_SOURCES: Aggregate[DataSource | None, DataSourceEvent] = Aggregate(
    (data_source.DataSourceRegistered, data_source.DataSourceStatusChanged), None, data_source.evolve, by_name
)
CONTACTS: Aggregate[Contacts | None, ContactRoleFilled] = Aggregate((ContactRoleFilled,), None, contact.evolve, by_name)
HOLIDAYS: Aggregate[Holidays | None, HolidayEvent] = Aggregate(
    (holiday.HolidayPublished, holiday.HolidayCorrected, holiday.SiteHolidaySet), None, holiday.evolve, by_name
)
TRANSITIONS: Aggregate[Transition | None, TransitionEvent] = Aggregate(
    (
        transition.SchoolTransitionPlanned,
        transition.SchoolTransitionConfirmed,
        transition.SchoolTransitionWithdrawn,
    ),
    None,
    transition.evolve,
    by_name,
)
