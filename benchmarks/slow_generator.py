"""The load generator in Python, for machines without Go: the same plan in, the same records out."""

import asyncio
import json
import resource
import sys
import time
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Plan = dict[str, Any]  # as `generator.Plan` is written in JSON
Requests = Iterator[tuple[int, list[bytes]]]


async def work(plan: Plan, url: str, requests: Requests, records: "array[int]", began: int) -> None:
    """One connection: takes the next request until there is none."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for number, (client, body) in requests:
        intended = int(number / plan["rate"] * 1e9) if plan["rate"] else 0
        await asyncio.sleep((intended - (time.perf_counter_ns() - began)) / 1e9)
        start = time.perf_counter_ns() - began
        writer.write(_head(plan, parts.path, parts.netloc, plan["tokens"][int(client)], body) + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        end = time.perf_counter_ns() - began
        records[4 * number : 4 * number + 4] = array("q", [intended or start, start, end, int(answer[9:12])])
    writer.close()


def _head(plan: Plan, path: str, host: str, token: str, body: bytes) -> bytes:
    lines = [f"{plan['method']} {path} HTTP/1.1", f"Host: {host}", f"Content-Type: {plan['contentType']}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()


async def send(plan: Plan, lines: Sequence[bytes]) -> "array[int]":
    """Send everything; four numbers per request, as the Go program writes them."""
    records = array("q", bytes(32 * len(lines)))
    requests = ((number, line.split(b"\t", 1)) for number, line in enumerate(lines))
    began = time.perf_counter_ns()
    urls = [plan["urls"][number % len(plan["urls"])] for number in range(plan["connections"])]
    await asyncio.gather(*(work(plan, url, requests, records, began) for url in urls))
    return records


def main() -> None:
    """The plan comes on standard input; what it took goes to standard output."""
    plan = json.load(sys.stdin)
    lines = Path(plan["requests"]).read_bytes().splitlines()
    began = time.perf_counter()
    records = asyncio.run(send(plan, lines))
    wall = time.perf_counter() - began
    Path(plan["out"]).write_bytes(records.tobytes())
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime}))


if __name__ == "__main__":
    main()
