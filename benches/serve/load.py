#!/usr/bin/env python3
"""Many clients on list and get at once.

    ANNOSTORE=target/release/annostore python benches/serve/load.py [SECONDS] [CLIENTS]

Each client keeps a connection and sends one request after the other. Says how many were answered, how fast, and what the server held.
"""

import asyncio
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/serve"))
from server import *  # noqa: E402,F403

SIGNED = f"Host: x\r\nAuthorization: AWS4-HMAC-SHA256 Credential={OWNER}/x, SignedHeaders=host, Signature=0\r\n"
GET = f"GET /annotationStore/load_5 HTTP/1.1\r\n{SIGNED}\r\n".encode()
LIST = f"POST /annotationStores?maxResults=10 HTTP/1.1\r\n{SIGNED}Content-Length: 2\r\n\r\n{{}}".encode()


def held(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return memory / 1024, len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


async def client(port, end, statuses, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    while time.time() < end:
        began = time.perf_counter()
        writer.write(LIST if number % 2 else GET)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(length)
        status = int(head.split(b" ", 2)[1])
        statuses[status] = statuses.get(status, 0) + 1
        times.append(time.perf_counter() - began)
        number += 1
    writer.close()


async def load(process, port, seconds, clients):
    statuses, times, end = {}, [], time.time() + seconds
    highest = [0, 0]

    async def watch():
        while time.time() < end:
            highest[:] = map(max, highest, held(process))
            await asyncio.sleep(0.5)

    await asyncio.gather(watch(), *(client(port, end, statuses, times) for _ in range(clients)))
    return statuses, sorted(times), highest


def main_run(seconds, clients):
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with Server("--quiet") as server:
        for number in range(20):
            tsv_store(server.client(), f"load_{number}")
        time.sleep(1)
        before = held(server.process)
        statuses, times, during = asyncio.run(load(server.process, server.port, seconds, clients))
        time.sleep(3)
        after = held(server.process)
        assert set(statuses) == {200}, statuses
        assert during[0] < 500, during
        assert after[1] <= before[1] + 2, (before, after)
    at = lambda part: times[int(len(times) * part)] * 1000
    print(f"{clients} clients, {seconds} s: {len(times)} answers, all 200, {len(times) / seconds:.0f}/s; "
          f"p50 {at(0.5):.0f} ms, p99 {at(0.99):.0f} ms; resident {during[0]:.0f} MB, "
          f"descriptors {before[1]} before, {during[1]} at most, {after[1]} after")


if __name__ == "__main__":
    main_run(float(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
