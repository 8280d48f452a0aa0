#!/usr/bin/env python3
"""What a home in a bucket costs: requests and bytes of each command, and how an import takes a slow link.

    ANNOSTORE=target/release/annostore benches/bucket.py FILE.vcf.gz QUERY.vcf.gz REGION [MB-PER-SECOND]

FILE is imported, QUERY annotated, REGION asked for. Needs the packages of tests/serve/requirements.txt: the server is moto, behind a
proxy that counts, and for the last import lets through so many megabytes in a second."""

import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/bucket"))

from bucket import BUCKET, Bucket, Home, between  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

FILE, QUERY, REGION = sys.argv[1:4]
RATE = float(sys.argv[4] if len(sys.argv) > 4 else 10) * 1e6


class Link:
    """A link of which one request at a time has all."""

    def __init__(self):
        self.requests, self.sent, self.rate, self.lock = 0, 0, None, threading.Lock()

    def decide(self, command, path, length=0):
        with self.lock:
            self.requests += 1
            self.sent += length
            if self.rate:
                time.sleep(length / self.rate)


def main():
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    bucket, link = Bucket(f"http://{host}:{port}"), Link()
    bucket.client.create_bucket(Bucket=BUCKET)
    with tempfile.TemporaryDirectory() as folder, between(bucket.endpoint, link.decide) as proxy:
        folder = Path(folder)
        homes = {"disk": Home(folder / "disk"), "bucket": Home(folder / "bucket").in_bucket(proxy, "all")}
        homes["slow link"] = Home(folder / "slow").in_bucket(proxy, "slow")

        def timed(name, home, *arguments):
            link.requests = link.sent = 0
            began = time.monotonic()
            homes[home].run(*arguments)
            took = time.monotonic() - began
            print(f"{name:<22} {home:<10} {took:7.2f} s {link.requests:6} requests {link.sent / 1e6:8.1f} MB sent", flush=True)

        for home in homes:
            link.rate = RATE if home == "slow link" else None
            timed("import", home, "import", FILE, "--store", "calls", "--create")
        link.rate = None
        for home in ("disk", "bucket"):
            timed("region", home, "query", "SELECT * FROM calls", "--region", REGION, "-o", folder / f"{home}.region.csv")
            timed("mean of one key", home, "query", "SELECT avg(info.af[1]) FROM calls")
            timed("export", home, "export", "calls", "-o", folder / f"{home}.vcf.gz")
            timed("annotate", home, "annotate", QUERY, "--with", "calls", "-o", folder / f"{home}.annotated.vcf.gz")
            timed("verify", home, "verify")
    server.stop()


if __name__ == "__main__":
    main()
