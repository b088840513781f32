"""CSV files in (*inlezen*): a report per row, tried first with `?dryRun=true`.

The file is put aside on disk and read row by row; the answer streams. Nothing grows with the file but what is recorded.
"""

import tempfile
from typing import IO, cast

from fastapi import Request
from starlette.responses import StreamingResponse

from services.registry.api.acting import REGISTRY_ADMIN
from services.registry.api.csv_plans import KINDS, ImportKind
from services.registry.api.csv_report import ImportReport, Reporter
from services.registry.csv_files import CsvFile
from shared.administration.acting import DryRun
from shared.administration.authority import OnAuthority
from shared.web.bodies import media_type, too_large
from shared.web.routing import router

routes = router(tags=["imports"])

MAX_FILE = 16 * 1024 * 1024
"""Bytes of a file."""
IN_MEMORY = 256 * 1024
"""Bytes that are kept in memory before the file goes to disk."""


@routes.post(
    "/imports/{kind}",
    dependencies=[REGISTRY_ADMIN],
    response_class=StreamingResponse,
    responses={200: {"model": ImportReport, "content": {"application/json": {}}}},
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def import_file(
    kind: ImportKind, request: Request, authority: OnAuthority, dry_run: DryRun = False
) -> StreamingResponse:
    """Lees een CSV-bestand in, met een verslag per rij; een rij met een fout houdt de andere niet tegen."""
    media_type(request, ("text/csv",))
    file = await _put_aside(request)
    try:
        rows = CsvFile(file, KINDS[kind].columns)
    except Exception:
        file.close()
        raise
    report = Reporter(request, KINDS[kind], authority, dry_run)
    return StreamingResponse(report.told(file, rows), media_type="application/json")


async def _put_aside(request: Request) -> IO[bytes]:
    """The body, on disk when it is large. Raises the 413 as soon as it is known to be too large."""
    file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  (the report closes it)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_FILE:
            file.close()
            raise too_large(MAX_FILE)
        file.write(chunk)
    file.seek(0)
    return file
