#!/usr/bin/env python3
"""Imports into one store with readers and deleters, all at once.

    ANNOSTORE=target/release/annostore python benches/serve/soak.py [SECONDS]

64 imports are under way at any time, into the versions of one store; readers query, and versions are made and deleted. In the end the rows are
those of the jobs that were COMPLETED, every reader saw whole jobs alone, and no request failed with a 5xx.
"""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/serve"))
from server import *  # noqa: E402,F403

ROWS, AT_ONCE = 2_000, 64


def main_run(seconds):
    end = time.time() + seconds
    jobs, reads, deletes, faults, lock = [], [0], [0], [], threading.Lock()
    with Server() as server:
        tsv_store(server.client(), "soak")
        source = server.put("a.tsv", "chrom\tpos\tscore\n" + "".join(f"chr1\t{n}\t0.5\n" for n in range(1, ROWS + 1)))

        def guarded(work):
            def run():
                client = server.client()
                while time.time() < end and not faults:
                    try:
                        work(client)
                    except Exception as error:
                        faults.append(f"{work.__name__}: {error!r}")
            return run

        def importer(client):
            job = start(client, "soak", source)
            with lock:
                jobs.append(job)
            found = finished(client, job, 600)
            assert found["status"] == "COMPLETED", found
            time.sleep(0.05)

        def reader(_):
            rows = server.query("SELECT importjobid j, count(*) n FROM soak GROUP BY importjobid")
            assert all(row["n"] == ROWS for row in rows), rows
            reads[0] += 1

        def deleter(client):
            name = f"v_{threading.get_ident()}"
            client.create_annotation_store_version(name="soak", versionName=name)
            job = start(client, "soak", source, versionName=name)
            client.delete_annotation_store_versions(name="soak", versions=[name], force=True)
            assert finished(client, job, 600)["status"] in ("COMPLETED", "FAILED")
            deletes[0] += 1

        work = [importer] * AT_ONCE + [reader] * 2 + [deleter] * 2
        threads = [threading.Thread(target=guarded(it)) for it in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults, faults
        client = server.client()
        done = [job for job in jobs if finished(client, job)["status"] == "COMPLETED"]
        rows = server.query("SELECT count(*) n, count(DISTINCT importjobid) j FROM soak")[0]
        assert rows == {"n": ROWS * len(done), "j": len(done)}, (rows, len(done))
        log = (server.folder / "log").read_text()
        assert "status=500" not in log and "locked" not in log
    print(f"{seconds} s: {len(done)} imports, {reads[0]} reads, {deletes[0]} deleted versions, {rows['n']} rows; all as committed")


if __name__ == "__main__":
    main_run(float(sys.argv[1]) if len(sys.argv) > 1 else 300)
