"""Coaching of the education team (coaching, consultatie, advies, 2C-14, HR-41)."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.interventions.codes import CoachingAudience, CoachingSubtype
from services.interventions.intervention import Intervention

AudienceSize = Annotated[int, Field(ge=1, le=500, description="Aantal deelnemers")]


class CoachingRecorded(Intervention):
    """Teachers, a team or other professionals were coached; no pupil is named."""

    TYPE: ClassVar[str] = "coaching-recorded.v1"
    KIND: ClassVar[str] = "COACHING"

    audience: CoachingAudience = Field(description="Doelgroep")
    audience_size: AudienceSize
    subtype: CoachingSubtype | None = Field(default=None, description="Vorm van coaching")
    youth_care_related: bool | None = Field(default=None, description="Gaat over jeugdhulpproblematiek")
