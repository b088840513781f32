"""Did-you-mean for references: the registered code that is nearest, and the sites of a BRIN."""

from dataclasses import replace

from pydantic import BaseModel, JsonValue

from services.registry import streams
from services.registry.kept import MUNICIPALITIES
from shared.administration.directory import Directory
from shared.domain.findings import Finding, Refused
from shared.domain.texts import Text
from shared.web.problems import Problem, error
from shared.web.schema_errors import did_you_mean

KINDS = {
    "no-such-municipality": "municipality",
    "no-such-school": "school",
    "no-such-site": "site",
    "no-such-provider": "provider",
    "no-such-programme": "programme",
}


def with_hints(refused: Refused, body: BaseModel, directory: Directory) -> Refused:
    """The same refusal, in which a reference to something unknown names the nearest that is known."""
    told = body.model_dump(mode="json", by_alias=True)
    findings = [_hinted(finding, told, directory) for finding in refused.findings]
    return Refused(*findings, kind=refused.kind)


def _hinted(finding: Finding, told: JsonValue, directory: Directory) -> Finding:
    given, kind = _at(told, finding.pointer), KINDS.get(finding.code)
    if kind is None or not isinstance(given, str):
        return finding
    if kind == "municipality" and (merged := _merged(given, directory)):
        return replace(finding, hint=merged)
    near = did_you_mean(given, [code for code in directory.codes(kind) if code != given])
    return replace(finding, hint=near) if near else finding


def _merged(code: str, directory: Directory) -> Text | None:
    """For a municipality that is a part of another one: which."""
    known = directory.state(MUNICIPALITIES, streams.municipality(code))
    if known is None or known.successor is None:
        return None
    until, after = known.valid_to, known.successor
    return Text(f"{code} ging na {until} op in {after}", f"{code} became a part of {after} after {until}")


def whole_site(code: str, pointer: str, directory: Directory) -> str:
    """The site code itself. Raises 400 for a BRIN, with the sites of that school as a hint."""
    if len(code) == 6:
        return code
    sites = [site for site in directory.codes("site") if site.startswith(code)]
    listed = ", ".join(sites[:20]) or f"{code}00 …"
    hint = Text(
        f"dit is een BRIN; vestigingen van deze school: {listed}", f"this is a BRIN; the sites of this school: {listed}"
    )
    raise Problem(None, "format", [error("format", pointer, hint)])


def _at(value: JsonValue, pointer: str) -> JsonValue:
    for part in pointer.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
