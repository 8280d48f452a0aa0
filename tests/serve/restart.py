"""`kill -9` at random moments of imports through the API.

    ANNOSTORE=target/release/annostore python tests/serve/restart.py [KILLS] [SEED]

After each restart every job that was seen as COMPLETED still is, with all of its rows, and no other job has a row.
"""

import random

from server import *  # noqa: F403

ROWS = 60_000


def kills_lose_nothing(kills, seed):
    chance = random.Random(seed)
    slowest = 0.0
    with Server() as server:
        client = server.client()
        tsv_store(client, "killed")
        source = server.put("a.tsv", "chrom\tpos\tscore\n" + "".join(f"chr1\t{n}\t0.5\n" for n in range(1, ROWS + 1)))
        jobs, acknowledged = [], set()
        for kill in range(kills):
            jobs += [start(client, "killed", source) for _ in range(chance.randint(0, 2))]
            end = time.time() + chance.uniform(0, 0.25)
            while time.time() < end:
                for job in jobs[-4:]:
                    if client.get_annotation_import_job(jobId=job)["status"] == "COMPLETED":
                        acknowledged.add(job)
            server.stop(signal.SIGKILL)
            began = time.time()
            server.start()
            client = server.client()
            slowest = max(slowest, time.time() - began)
            for job in acknowledged:
                assert client.get_annotation_import_job(jobId=job)["status"] == "COMPLETED", job
            if kill % 10 == 0:
                rows = server.query("SELECT importjobid j, count(*) n FROM killed GROUP BY importjobid")
                stored = {row["j"]: row["n"] for row in rows}
                assert set(stored.values()) <= {ROWS}, stored
                assert acknowledged <= set(stored), acknowledged - set(stored)
        for job in jobs:
            found = finished(client, job)
            assert found["status"] == "COMPLETED", found
        rows = server.query("SELECT importjobid j, count(*) n FROM killed GROUP BY importjobid")
        assert {row["j"]: row["n"] for row in rows} == dict.fromkeys(jobs, ROWS)
        assert not list((server.home / "staging").iterdir())
        assert slowest < 5, f"a restart took {slowest:.1f} s"
    print(f"{kills} kills, {len(jobs)} jobs, slowest restart {slowest:.2f} s")


if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1

    def kills_at_random_moments():
        kills_lose_nothing(kills, seed)

    main([kills_at_random_moments])
