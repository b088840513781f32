"""The regions of the five programmes, so that all of them can be applied side by side in one installation.

Municipalities are those that the sources name (CBS codes); a region in real life has more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jos.demo.schools import MUNICIPALITIES, REGION, REGION_NAME, SUB_REGIONS

KNOWN_FROM = "2021-08-01"
"""Regions and municipalities are known from the school year in which the first programme begins."""

Step = tuple[str, dict[str, object]]
"""A POST to the registry: a path and a body."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its sub-regions and municipalities, and the demo's client that administers it."""

    code: str
    name: str
    client: str
    programmes: tuple[str, ...]
    sub_regions: dict[str, str]
    municipalities: dict[str, str]

    @property
    def organisation(self) -> str:
        """The organisation of its administrator."""
        return f"region:{self.code}"

    def steps(self) -> Iterator[Step]:
        """What records it; recorded again, nothing changes."""
        for code, name in self.municipalities.items():
            yield "/municipalities", {"municipality": code, "name": name, "validFrom": KNOWN_FROM}
        yield (
            "/regions",
            {
                "region": self.code,
                "name": self.name,
                "subRegions": [{"code": code, "name": name} for code, name in self.sub_regions.items()],
                "municipalities": list(self.municipalities),
                "validFrom": KNOWN_FROM,
            },
        )


HOLLAND_RIJNLAND = Region(
    REGION,
    REGION_NAME,
    "demo-admin",
    ("HR-JOS", "2C-PRODUCT", "IJK-TOETS"),
    SUB_REGIONS,
    {one.code: one.name for one in MUNICIPALITIES},
)
ALKMAAR = Region(
    "ALK",
    "Regio Alkmaar",
    "demo-admin-alk",
    ("ALK-VO",),
    {"NK": "Noord-Kennemerland", "MK": "Midden-Kennemerland"},
    {"GM0361": "Alkmaar", "GM0383": "Castricum"},
)
HAAGLANDEN = Region(
    "HGL",
    "Haaglanden",
    "demo-admin-hgl",
    ("HG-COLLECTIEF",),
    {},
    {"GM0503": "Delft", "GM1926": "Pijnacker-Nootdorp", "GM1783": "Westland", "GM0637": "Zoetermeer"},
)

REGIONS = {one.code: one for one in (HOLLAND_RIJNLAND, ALKMAAR, HAAGLANDEN)}
