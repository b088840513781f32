"""Parent support (ouderondersteuning, 2C-29, HR-06)."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.interventions.codes import TalkResult
from services.interventions.intervention import Intervention
from services.interventions.words import PupilRef


class ParentSupport(Intervention):
    """Parents were supported: those of one pupil, or of several."""

    KIND: ClassVar[str] = "PARENT_SUPPORT"

    talk_result: TalkResult | None = Field(default=None, description="Resultaat van het gesprek")
    parent_follow_up: bool | None = Field(default=None, description="Ouder zet een vervolgstap (HR-37)")


class ParentSupportRecorded(ParentSupport):
    """Parents were supported; `subject` is their child, where it was one."""

    TYPE: ClassVar[str] = "parent-support-recorded.v1"

    subject: UUID | None = None


class RecordParentSupport(ParentSupport):
    """As the provider sends it, with its own reference to the pupil where there is one."""

    TYPE: ClassVar[str] = ParentSupportRecorded.TYPE

    pupil_ref: PupilRef | None = None
