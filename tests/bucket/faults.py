"""Imports into a bucket that are killed, or whose server refuses, loses and breaks off: all of a file is there, or nothing.

ANNOSTORE_SEED repeats a run, ANNOSTORE_KILLS makes it longer."""

import json
import os
import random
import subprocess
import time

from bucket import BUCKET, Home, between, main

SEED = int(os.environ.get("ANNOSTORE_SEED") or time.time())
KILLS = int(os.environ.get("ANNOSTORE_KILLS") or 8)
ROWS = 420_000
chance = random.Random(SEED)


def input_file(folder):
    """Rows whose data file has more than one part of an upload."""
    path = folder / "scores.tsv"
    numbers = random.Random(1)
    with open(path, "w") as out:
        out.write("chrom\tpos\tfirst\tsecond\tthird\n")
        for n in range(ROWS):
            values = "\t".join(f"{numbers.random():.16f}" for _ in range(3))
            out.write(f"chr1\t{n + 1}\t{values}\n")
    return path


def data_files(home, store="scores"):
    return {it["path"].removeprefix(f"s3://{BUCKET}/").split("/", 1)[1] for it in home.data_files(store)}


def check(home, bucket, prefix):
    """What holds at any time: rows are those of jobs that ended well, and nobody is told of a file that is not there."""
    jobs = json.loads(home.run("job", "list", "--json").stdout)["annotationImportJobs"]
    done = sum(it["status"] == "COMPLETED" for it in jobs)
    assert home.query("SELECT count(*) n, count(DISTINCT pos) d FROM scores") == [{"n": done * ROWS, "d": ROWS}], done
    keys = bucket.keys(prefix)
    assert data_files(home) <= keys
    assert bucket.named_by_metadata(prefix) <= keys
    return done


def nothing_is_left(home, bucket, prefix):
    """Once all is cleared up, the bucket has the files of the version and no other."""
    time.sleep(1)
    home.run("import", home.input, "--store", "scores")
    check(home, bucket, prefix)
    kept = {it for it in bucket.keys(prefix) if it.endswith(".parquet")}
    assert kept == data_files(home) == bucket.named_by_metadata(prefix), SEED
    assert not list((home.folder / "staging").iterdir()), SEED


def kills_lose_nothing(bucket, folder):
    home = Home(folder / "home").in_bucket(bucket.endpoint, "kills")
    home.input = input_file(folder)
    home.run("init", "--keep-removed", "0s")
    began = time.monotonic()
    home.run("import", home.input, "--store", "scores", "--create")
    whole = time.monotonic() - began
    assert len(bucket.keys("kills")) > 4
    for _ in range(KILLS):
        process = home.start("import", home.input, "--store", "scores")
        try:
            process.wait(chance.random() * whole * 1.1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        check(home, bucket, "kills")
    nothing_is_left(home, bucket, "kills")
    # A kill between the beginning of an upload and its note may leave one.
    assert len(bucket.uploads("kills")) <= 1, SEED


def a_server_that_fails_stores_all_or_nothing(bucket, folder):
    rates = {"on": False}
    parts = []

    def decide(command, path, _):
        if "partNumber" in path:
            parts.append(path)
        if not rates["on"]:
            return "pass"
        weights = [70, 14, 6, 5, 5 if command == "GET" else 0]
        return chance.choices(["pass", "refuse", "slow", "lose", "break"], weights)[0]

    with between(bucket.endpoint, decide) as proxy:
        home = Home(folder / "home").in_bucket(proxy, "fails")
        home.input = input_file(folder)
        home.run("init", "--keep-removed", "0s")
        home.run("import", home.input, "--store", "scores", "--create")
        assert len(parts) >= 2, parts
        rates["on"] = True
        codes = []
        for _ in range(4):
            process = home.start("import", home.input, "--store", "scores")
            codes.append(process.wait(300))
            asked = subprocess.run(home.command("query", "SELECT count(DISTINCT pos) n FROM scores", "--format", "ndjson"),
                                   capture_output=True, text=True, timeout=300, env=home.environment)
            assert asked.returncode == 5 or json.loads(asked.stdout) == {"n": ROWS}, asked
        rates["on"] = False
        assert set(codes) <= {0, 5}, codes
        done = check(home, bucket, "fails")
        # An import whose answer got lost may have been stored, never twice.
        assert done >= 1 + codes.count(0), (done, codes, SEED)
        nothing_is_left(home, bucket, "fails")


def an_interrupted_import_ends_soon(bucket, folder):
    hanging = []

    def decide(command, path, _):
        if "/data/" in path and command in ("PUT", "POST"):
            hanging.append(path)
            time.sleep(30)

    with between(bucket.endpoint, decide) as proxy:
        home = Home(folder / "home").in_bucket(proxy, "interrupted")
        home.input = input_file(folder)
        process = home.start("import", home.input, "--store", "scores", "--create")
        while not hanging:
            assert process.poll() is None
            time.sleep(0.02)
        process.terminate()
        assert process.wait(20) == 130
    jobs = json.loads(home.run("job", "list", "--json").stdout)["annotationImportJobs"]
    assert [it["status"] for it in jobs] == ["CANCELLED"], jobs


if __name__ == "__main__":
    print(f"seed {SEED}", flush=True)
    main([kills_lose_nothing, a_server_that_fails_stores_all_or_nothing, an_interrupted_import_ends_soon])
