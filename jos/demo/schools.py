"""The region as the source shows it (requirements.md 1.5.1): municipalities, providers, the fifteen schools.

BRIN and KvK numbers are not in the source: these are synthetic (99..), in the order of its lists.
"""

from dataclasses import dataclass
from datetime import date

PROGRAMME = "HR-JOS"
REGION = "HR"
REGION_NAME = "Holland Rijnland"
SUB_REGIONS = {"DB": "Duin- en Bollenstreek", "LR": "Leidse regio"}
START = date(2022, 1, 1)
"""The programme starts (HR-29)."""
PERIOD = "2022-H1"
PERIOD_END = date(2022, 6, 30)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A member of the region (HR-55), with its CBS code. `sub_region` None: it takes no part in the programme.

    Which nine take part is inferred from the two sub-regions; the source gives the number alone (HR-26).
    """

    code: str
    name: str
    sub_region: str | None


MUNICIPALITIES = (
    Municipality("GM0484", "Alphen aan den Rijn", None),
    Municipality("GM0534", "Hillegom", "DB"),
    Municipality("GM1884", "Kaag en Braassem", None),
    Municipality("GM0537", "Katwijk", "DB"),
    Municipality("GM0546", "Leiden", "LR"),
    Municipality("GM0547", "Leiderdorp", "LR"),
    Municipality("GM0553", "Lisse", "DB"),
    Municipality("GM0569", "Nieuwkoop", None),
    Municipality("GM0575", "Noordwijk", "DB"),
    Municipality("GM0579", "Oegstgeest", "LR"),
    Municipality("GM1525", "Teylingen", "DB"),
    Municipality("GM0638", "Zoeterwoude", "LR"),
)

SUB_REGION_OF = {municipality.code: municipality.sub_region for municipality in MUNICIPALITIES}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of the source (HR-27) with a synthetic KvK number; `code` is how figures name it."""

    kvk: str
    name: str
    client: str
    """The client id of its EHR at the demo's issuer."""

    @property
    def code(self) -> str:
        return f"kvknr:{self.kvk}"

    @property
    def source(self) -> str:
        """The CloudEvents source of its EHR."""
        return f"urn:nld:kvknr:{self.kvk}:systeem:ecd"


AMBULANTE = Provider("99990001", "Ambulante Jeugdhulp", "demo-ehr")
CARDEA = Provider("99990002", "Cardea", "demo-ehr-cardea")
INZOWIJS = Provider("99990003", "Inzowijs", "demo-ehr-inzowijs")
PRODEBA = Provider("99990004", "Prodeba", "demo-ehr-prodeba")
SCHAVUITEN = Provider("99990005", "De Schavuiten", "demo-ehr-schavuiten")
PROVIDERS = (AMBULANTE, CARDEA, INZOWIJS, PRODEBA, SCHAVUITEN)


@dataclass(frozen=True, slots=True)
class School:
    """A school of the source, with its one site. `assumed`: the source does not say which provider it chose."""

    site: str
    name: str
    type: str
    municipality: str
    provider: Provider
    assumed: bool = True

    @property
    def brin(self) -> str:
        return self.site[:4]


SCHOOLS = (
    School("99HA00", "Savioschool", "SBO", "GM0534", CARDEA),
    School("99HB00", "De Leidse Buitenschool", "SO", "GM0537", PRODEBA),
    School("99HC00", "SBO de Windvang", "SBO", "GM0537", SCHAVUITEN),
    School("99HD00", "Korte Vlietschool", "SO", "GM0546", CARDEA),
    School("99HE00", "Leo Kanner College", "VSO", "GM0546", INZOWIJS, assumed=False),  # HR-54
    School("99HF00", "Praktijkcollege het Metrum", "VSO", "GM0546", AMBULANTE, assumed=False),  # HR-45
    School("99HG00", "PI-school De Brug", "SO", "GM0546", PRODEBA),  # garbled in the source, read as SO
    School("99HH00", "SBO De Vlieger", "SBO", "GM0546", AMBULANTE, assumed=False),  # HR-17
    School("99HI00", "De Thermiek", "SO_VSO", "GM0546", SCHAVUITEN),
    School("99HJ00", "Leo Kanner P.C. Hooftcollege", "VSO", "GM0547", INZOWIJS),
    School("99HK00", "Don Bosco school", "SBO", "GM0553", CARDEA),
    School("99HL00", "So De Duinpieper", "SO", "GM0575", PRODEBA),
    School("99HM00", "VSO Het Duin", "VSO", "GM0575", SCHAVUITEN),
    School("99HN00", "Leo Kanner SO", "SO", "GM0579", INZOWIJS),
    School("99HO00", "Leo Kannerschool", "VSO", "GM0579", INZOWIJS),
)
