"""The page of programmes for people, made from the programmes' own files."""

from services.contracts import rules as contracts
from services.interventions import rules as interventions
from services.registry import rules as registry
from services.registry.configuration import Programme, RuleSwitch
from services.registry.programmes import FILES, load
from services.registry.switchboard import RULES, RuleWord
from shared.domain.findings import Severity

CODES = ("2C-PRODUCT", "ALK-VO", "HG-COLLECTIEF", "IJK-TOETS", "HR-JOS")

INTRO = """A programme is a file in `services/registry/programmes/`; the same services run all of them side by side, and
one more is one more file. `jos programmes apply --all` applies those that come with JOS, `jos programmes diff FILE`
shows what a file would change. A rule holds from a day on: switched next year, this year stays as it was.

`BLOCK` refuses the act (409, with the rule's id as its code); `FLAG` and `INFO` let it happen and tell, in Dutch and
English, with what to do: in the answer, and for the registry's rules on any day under `GET /registry/v1/findings`;
`-` is off. A source such as `HG-29` is a statement of the programme's source document, `OQ-05` an open question for
which a default stands, *ours* a default where the source is silent. A rule that looks at how things stand, not at one
act (*standing*), has nothing to refuse and may not be `BLOCK`. *Not yet*: the programmes say how they take the rule, no
service judges by it so far."""

JUDGED = {
    *(rule.id for rule in registry.DEPLOYING),
    *(rule.id for rule in registry.CHOOSING),
    *(rule.id for rule in registry.JOINING),
    *(rule.id for rule in registry.STANDING),
    *(rule.id for rule in registry.ABSENCE),
    *(rule for rule, _ in contracts.RULES),
    "R-CODE-MUTEX",
    *(rule.id for rule in interventions.RULES),
}
"""The rules by which a service judges today."""


def page(note: str) -> str:
    """The whole page."""
    files = [load(FILES / f"{code}.yaml") for code in CODES]
    return "\n".join(
        [
            "# Programmes and their rules\n",
            f"{note}\n",
            f"{INTRO}\n",
            "## The programmes\n",
            *_table([["", *CODES], *_facts(files)]),
            "## The switchboard\n",
            *_table([["Rule", "judged by", *CODES], *(_row(rule, word, files) for rule, word in RULES.items())]),
            "## Where each cell comes from\n",
            *(_sources(rule, word, files) for rule, word in RULES.items()),
        ]
    )


def _table(rows: list[list[str]]) -> list[str]:
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return [head, "|" + "---|" * len(rows[0]), *body, ""]


def _facts(files: list[Programme]) -> list[list[str]]:
    return [
        ["*Titel*", *(file.title.nl for file in files)],
        ["Region", *(file.region_name or "the one that applies it" for file in files)],
        ["Status", *(file.status for file in files)],
        ["Start", *(f"{file.start}{' (assumed)' if file.start_assumed else ''}" for file in files)],
        ["Municipalities", *(_municipalities(file) for file in files)],
        ["School types", *(", ".join(file.school_types or ["any"]) for file in files)],
        ["Schools named", *(str(len(file.schools.named)) for file in files)],
        ["Kinds of help", *(_kinds(file) for file in files)],
        ["Holiday region", *(file.holiday_region or "the school's municipality's" for file in files)],
        ["Contract", *(file.contract.form for file in files)],
        ["Periods", *(file.cadence for file in files)],
        ["KPIs", *(str(len(file.kpis)) for file in files)],
    ]


def _municipalities(file: Programme) -> str:
    said = file.municipalities
    marks = [mark for mark, holds in (("assumed", said.assumed), ("more, not named", not said.complete)) if holds]
    return str(len(said.codes)) + (f" ({', '.join(marks)})" if marks else "")


def _kinds(file: Programme) -> str:
    return ", ".join(f"{kind} (flagged)" if kind in file.flagged_kinds else kind for kind in file.allowed_kinds)


def _row(rule: str, word: RuleWord, files: list[Programme]) -> list[str]:
    marks = [word.owner, *(["standing"] if word.standing else []), *([] if rule in JUDGED else ["not yet"])]
    return [
        f"`{rule}` {word.title.en} (*{word.title.nl}*)",
        ", ".join(marks),
        *(_cell(file.switch(rule)) for file in files),
    ]


def _cell(switch: RuleSwitch) -> str:
    return "-" if switch.severity is Severity.OFF else switch.severity.value


def _sources(rule: str, word: RuleWord, files: list[Programme]) -> str:
    lines = [
        f"- {file.programme}, from {one.valid_from}: {_cell(one)} {_parameters(one)}({_source(one)})"
        for file in files
        for one in file.rules
        if one.rule == rule and (one.severity is not Severity.OFF or one.source)
    ]
    return f"### {rule}: {word.title.en}\n\n" + "\n".join(lines) + "\n"


def _source(switch: RuleSwitch) -> str:
    return ", ".join(switch.source) or "*ours*"


def _parameters(switch: RuleSwitch) -> str:
    return "".join(f"`{name}: {_shown(value)}` " for name, value in switch.parameters.items())


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
