"""The aggregates of the registry as the log keeps them."""

from services.registry import (
    absence,
    action_plan,
    assignment,
    claims,
    development_question,
    introduction,
    municipality,
    municipality_participation,
    participation,
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
)
from services.registry.absence import Absence, AbsenceEvent
from services.registry.action_plan import ActionPlan, ActionPlanEvent
from services.registry.assignment import Assignment, AssignmentEvent
from services.registry.columns import by_name, columns, replacing
from services.registry.development_question import DevelopmentQuestionEvent, DevelopmentQuestions
from services.registry.introduction import Introduction, IntroductionEvent
from services.registry.municipality import Municipality, MunicipalityRegistered
from services.registry.municipality_participation import MunicipalityParticipation, MunicipalityParticipationEvent
from services.registry.participation import Participation, ParticipationEvent
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
