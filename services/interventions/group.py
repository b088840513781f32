"""Group interventions and observations (groepsinterventies en -observaties, 2C-27, HR-50)."""

from typing import ClassVar

from pydantic import Field

from services.interventions.codes import GroupMode
from services.interventions.intervention import Intervention
from services.interventions.words import GroupSize


class GroupInterventionRecorded(Intervention):
    """A group of at least two pupils was observed or helped (INV-03)."""

    TYPE: ClassVar[str] = "group-intervention-recorded.v1"
    KIND: ClassVar[str] = "GROUP"

    mode: GroupMode = Field(description="Observatie of interventie")
    group_size: GroupSize
    preceding_field_checked: bool | None = Field(default=None, description="Voorliggend veld is nagegaan (2C-17)")
