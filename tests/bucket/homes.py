"""A home whose data files lie in a bucket answers as one on the disk does; it can be moved there, and come back."""

import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

from bucket import BUCKET, DEMO, Home, between, main


def fill(home):
    home.run("import", DEMO / "clinvar.vcf", "--store", "clinvar", "--create")
    home.run("import", DEMO / "scores.tsv", "--store", "scores", "--create")


def answers(home, folder):
    """What the commands say that read data files."""
    folder.mkdir()
    said = [home.run("query", sql, "--format", "csv").stdout for sql in (
        "SELECT contigname, start, names, attributes FROM clinvar ORDER BY 1, 2",
        "SELECT count(*) FROM clinvar WHERE contains(names, '120000')",
        "SELECT chrom, pos, ref, alt, rawscore, phred FROM scores ORDER BY 1, 2, 3, 4")]
    said.append(home.run("query", "SELECT count(*) FROM clinvar", "--region", "1:45000000-46000000").stdout)
    home.run("export", "clinvar", "-o", folder / "export.vcf")
    home.run("annotate", DEMO / "calls.vcf", "--with", "clinvar", "-o", folder / "annotated.vcf")
    home.run("verify")
    return said + [(folder / it).read_text() for it in ("export.vcf", "annotated.vcf")]


def plain(texts, home):
    """Without ids and the command line that a header has."""
    return ["\n".join(it for it in text.splitlines() if not it.startswith("##annostore")).replace(str(home.folder), "")
            for text in texts]


def all_commands_answer_alike(bucket, folder):
    local, remote = Home(folder / "local"), Home(folder / "remote").in_bucket(bucket.endpoint, "alike")
    for home in (local, remote):
        fill(home)
    for here, there in zip(plain(answers(local, folder / "a"), local), plain(answers(remote, folder / "b"), remote)):
        assert here == there, (here[:3000], there[:3000])
    assert not list(remote.folder.rglob("*.parquet")) and not list(remote.folder.rglob("*.avro"))
    named = {it["path"] for store in ("clinvar", "scores") for it in remote.data_files(store)}
    keys = bucket.keys("alike")
    assert named == {f"s3://{BUCKET}/alike/{it}" for it in keys if it.endswith(".parquet")}
    assert bucket.named_by_metadata("alike") == {it for it in keys if it.endswith(".parquet")}
    # No staging folder, nothing half sent.
    assert not list((remote.folder / "staging").iterdir()) and not bucket.uploads("alike")


def what_is_deleted_goes_after_a_time(bucket, folder):
    home = Home(folder / "home").in_bucket(bucket.endpoint, "deleted")
    fill(home)
    home.run("store", "delete", "scores")
    of_two = {it for it in bucket.keys("deleted") if it.endswith(".parquet")}
    assert len(of_two) == 2
    home.run("init", "--keep-removed", "0s")
    home.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    home.run("store", "delete", "clinvar", "--force")
    home.run("import", DEMO / "scores.tsv", "--store", "scores", "--create")
    keys = bucket.keys("deleted")
    assert {it for it in keys if it.endswith(".parquet")} == {
        it["path"].split("/deleted/")[1] for it in home.data_files("scores")}
    assert len({it.split("/")[1] for it in keys if it.startswith("iceberg/")}) == 1


def a_home_on_the_disk_moves(bucket, folder):
    home = Home(folder / "home")
    fill(home)
    before = answers(home, folder / "before")
    said = home.in_bucket(bucket.endpoint, "moved").run("init", "--data-url", f"s3://{BUCKET}/moved",
                                                       "--s3-endpoint", bucket.endpoint)
    assert "lie below" in said.stdout, said
    shutil.rmtree(home.folder / "data")
    shutil.rmtree(home.folder / "iceberg")
    assert plain(answers(home, folder / "after"), home) == plain(before, home)
    assert bucket.named_by_metadata("moved") == {it for it in bucket.keys("moved") if it.endswith(".parquet")}
    home.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    assert home.query("SELECT count(*) n FROM clinvar") == [{"n": 90}]


def a_home_comes_back_and_the_old_one_is_refused(bucket, folder):
    old, new = Home(folder / "old").in_bucket(bucket.endpoint, "back"), Home(folder / "new")
    fill(old)
    url = f"s3://{BUCKET}/back"
    other = Home(folder / "other")
    said = other.run("init", "--data-url", url, "--s3-endpoint", bucket.endpoint, code=4)
    assert "another home keeps its data there" in said.stderr and "annostore recover" in said.stderr, said.stderr
    said = new.run("recover", url, "--s3-endpoint", bucket.endpoint)
    assert "2 versions, 2 data files" in said.stdout, said.stdout
    assert plain(answers(new, folder / "a"), new) == plain(answers(old, folder / "b"), old)
    said = old.run("import", DEMO / "clinvar.vcf", "--store", "clinvar", code=4)
    assert "another home writes to this bucket" in said.stderr, said.stderr
    new.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    again = Home(folder / "again")
    lost = new.data_files("scores")[0]["path"].removeprefix(f"s3://{BUCKET}/")
    bucket.client.delete_object(Bucket=BUCKET, Key=lost)
    said = again.run("recover", url, "--s3-endpoint", bucket.endpoint, code=5)
    assert f"missing: s3://{BUCKET}/{lost}" in said.stderr, said.stderr
    assert again.query("SELECT count(*) n FROM clinvar") == [{"n": 90}]
    said = again.run("recover", url, "--s3-endpoint", bucket.endpoint, code=4)
    assert "there is a home already" in said.stderr, said.stderr
    said = Home(folder / "none").run("recover", f"s3://{BUCKET}/none", "--s3-endpoint", bucket.endpoint, code=4)
    assert "no home keeps its data there" in said.stderr and not (folder / "none").exists(), said.stderr


def a_region_takes_few_requests(bucket, folder):
    asked = []
    home = Home(folder / "home")
    lines = [f"chr{1 + n // 100_000}\t{n % 100_000 * 10 + 1}\t0.{n * 7919 % 999_983:06}\tgene{n * 31 % 977}\n" for n in range(400_000)]
    (folder / "a.tsv").write_text("chrom\tpos\tscore\tgene\n" + "".join(lines))
    with between(bucket.endpoint, lambda *request: asked.append(request)) as proxy:
        home.in_bucket(proxy, "region")
        home.run("import", folder / "a.tsv", "--store", "sites", "--create")
        asked.clear()
        found = home.run("query", "SELECT * FROM sites", "--region", "chr3:5000-5200", "--format", "csv").stdout
        assert len(found.splitlines()) == 21, found
        assert len(asked) < 30, asked
        asked.clear()
        home.run("store", "list")
        assert not asked, asked


def errors_say_what_to_do(bucket, folder):
    home = Home(folder / "home")
    for url in ("s3://", "s3://bucket", "bucket/prefix", "https://example.org/x"):
        said = home.run("init", "--data-url", url, code=2)
        assert "s3://bucket/prefix" in said.stderr, said.stderr
    for prefix in ("a%20b", "a b", "ä", "a#b"):
        said = home.run("init", "--data-url", f"s3://{BUCKET}/{prefix}", "--s3-endpoint", bucket.endpoint, code=2)
        assert "name a prefix of letters" in said.stderr, said.stderr
    for endpoint in ("", "localhost:9000", "http://me:secret@localhost:9000"):
        said = home.run("init", "--data-url", f"s3://{BUCKET}/x", "--s3-endpoint", endpoint, code=2)
        assert "http://localhost:9000" in said.stderr, said.stderr
    for command in (["init", "--data-url"], ["recover"]):
        said = home.run(*command, "s3://no-such-bucket/x", "--s3-endpoint", bucket.endpoint, code=5)
        assert "NoSuchBucket" in said.stderr and "make the bucket" in said.stderr, said.stderr
        said = home.run(*command, f"s3://{BUCKET}/x", "--s3-endpoint", "http://127.0.0.1:9", code=5)
        assert "http://127.0.0.1:9" in said.stderr and "--data-url" in said.stderr, said.stderr
    # What is refused leaves nothing.
    assert not home.folder.exists()
    home.in_bucket(bucket.endpoint, "errors")
    fill(home)
    gone = home.data_files("scores")[0]["path"]
    bucket.client.delete_object(Bucket=BUCKET, Key=gone.removeprefix(f"s3://{BUCKET}/"))
    for command in (["query", "SELECT * FROM scores"], ["export", "scores", "-o", folder / "x.tsv"]):
        said = home.run(*command, code=5)
        assert gone in said.stderr and "annostore verify" in said.stderr, said.stderr
        assert "<" not in said.stderr and "Object Store" not in said.stderr, said.stderr
    said = home.run("verify", code=5)
    assert gone.split("/errors/")[1] in said.stdout and "is missing" in said.stdout, said.stdout
    damaged = home.data_files("clinvar")[0]["path"].removeprefix(f"s3://{BUCKET}/")
    content = bytearray(bucket.read(damaged))
    content[len(content) // 2] ^= 1
    bucket.client.put_object(Bucket=BUCKET, Key=damaged, Body=bytes(content))
    said = home.run("query", "SELECT * FROM clinvar", code=5)
    assert "damaged" in said.stderr, said.stderr
    said = home.run("init", "--data-url", f"s3://{BUCKET}/elsewhere", "--s3-endpoint", bucket.endpoint, code=4)
    assert "another bucket" in said.stderr or "keeps its data in" in said.stderr, said.stderr


def a_home_within_anothers_folders_is_refused(bucket, folder):
    Home(folder / "outer").in_bucket(bucket.endpoint, "outer")
    inner = Home(folder / "inner")
    said = inner.run("init", "--data-url", f"s3://{BUCKET}/outer/data/x", "--s3-endpoint", bucket.endpoint, code=4)
    assert f"s3://{BUCKET}/outer" in said.stderr and not inner.folder.exists(), said.stderr
    inner.in_bucket(bucket.endpoint, "outer/beside")


def the_copy_knows_of_deletions_and_strays_go(bucket, folder):
    old = Home(folder / "old").in_bucket(bucket.endpoint, "strays")
    fill(old)
    copy = bucket.read("strays/catalog/catalog.db")
    old.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    # A copy from before the last import, as after a crash between the commit and the copy.
    bucket.client.put_object(Bucket=BUCKET, Key="strays/catalog/catalog.db", Body=copy)
    new, server = Home(folder / "new"), ("--s3-endpoint", bucket.endpoint)
    said = new.run("recover", f"s3://{BUCKET}/strays", *server)
    assert "1 data file that the catalog does not name" in said.stderr, said.stderr
    new.run("init", "--keep-removed", "0s")
    new.run("store", "delete", "scores", "--force")
    named = {it["path"].split("/strays/")[1] for it in new.data_files("clinvar")}
    assert {it for it in bucket.keys("strays") if it.endswith(".parquet")} == named
    # The deletion is in the copy, without an import after it.
    again = Home(folder / "again")
    said = again.run("recover", f"s3://{BUCKET}/strays", *server)
    assert "1 version, 1 data file," in said.stdout and not said.stderr, said


def a_move_that_was_interrupted_trusts_no_size(bucket, folder):
    home = Home(folder / "home")
    fill(home)
    path = home.data_files("scores")[0]["path"]
    key = str(Path(path).relative_to(home.folder))
    bucket.client.put_object(Bucket=BUCKET, Key=f"again/{key}", Body=bytes(Path(path).stat().st_size))
    home.in_bucket(bucket.endpoint, "again").run("verify")


def a_server_that_is_silent_is_no_damage_and_can_be_left(bucket, folder):
    silent = threading.Event()

    def decide(*_):
        if silent.is_set():
            time.sleep(40)
            return "refuse"

    with between(bucket.endpoint, decide) as proxy:
        home = Home(folder / "home").in_bucket(proxy, "silent")
        fill(home)
        silent.set()
        for command in (["verify"], ["import", DEMO / "clinvar.vcf", "--store", "clinvar"],
                        ["query", "SELECT * FROM clinvar"], ["export", "clinvar", "-o", folder / "x.vcf"]):
            with subprocess.Popen(home.command(*command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=home.environment) as child:
                time.sleep(2)
                child.send_signal(signal.SIGINT)
                _, said = child.communicate(timeout=20)
                assert child.returncode == 130, (command, child.returncode, said)
        said = home.run("verify", code=5)
        assert "damaged" not in said.stdout + said.stderr and proxy in said.stderr, said
        silent.clear()
        home.run("verify")


def a_home_that_lost_its_bucket_leaves_it_alone(bucket, folder):
    """The one that the bucket was recovered from, a copy of the folder, and one put back from a backup."""
    old, new, server = Home(folder / "old").in_bucket(bucket.endpoint, "lost"), Home(folder / "new"), bucket.endpoint
    fill(old)
    shutil.copytree(old.folder, folder / "copy")
    shutil.copy(old.folder / "catalog.db", folder / "kept.db")
    old.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    put_back = Home(folder / "copy")
    for home, why in ((put_back, "a later state of this home"), (old, "recovered from it")):
        if home is old:
            new.run("recover", f"s3://{BUCKET}/lost", "--s3-endpoint", server)
            new.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
        before = {it: bucket.read(f"lost/{it}") for it in bucket.keys("lost")}
        for command in (["import", DEMO / "clinvar.vcf", "--store", "clinvar"], ["iceberg", "sync"],
                        ["store", "delete", "scores", "--force"]):
            said = home.run(*command, code=4)
            assert why in said.stderr, said.stderr
        assert {it: bucket.read(f"lost/{it}") for it in bucket.keys("lost")} == before
    assert new.query("SELECT count(*) n FROM clinvar") == [{"n": 135}]


def an_import_beside_a_recovery_says_that_it_is_lost(bucket, folder):
    taken = threading.Event()
    new = Home(folder / "new")
    url = f"s3://{BUCKET}/beside"

    def decide(command, path, _):
        if command == "PUT" and "/data/" in path and not taken.is_set():
            taken.set()
            new.run("recover", url, "--s3-endpoint", bucket.endpoint)

    Home(folder / "old").in_bucket(bucket.endpoint, "beside")
    with between(bucket.endpoint, lambda *_: None if taken.is_set() else decide(*_)) as proxy:
        old = Home(folder / "old")
        taken.set()
        old.run("init", "--data-url", url, "--s3-endpoint", proxy)
        taken.clear()
        said = old.run("import", DEMO / "clinvar.vcf", "--store", "clinvar", "--create", code=4)
        assert "recovered from it" in said.stderr, said.stderr
    assert json.loads(new.run("store", "list", "--json").stdout)["annotationStores"] == []


def a_copy_that_cannot_be_used_takes_no_bucket(bucket, folder):
    home = Home(folder / "home").in_bucket(bucket.endpoint, "newer")
    fill(home)
    key = "newer/catalog/catalog.db"
    whole = bucket.read(key)
    (folder / "copy.db").write_bytes(whole)
    with contextlib.closing(sqlite3.connect(folder / "copy.db")) as newer:
        newer.execute("PRAGMA user_version = 99")
    for content, why in (((folder / "copy.db").read_bytes(), "newer annostore"), (whole[:len(whole) // 2], "damaged")):
        bucket.client.put_object(Bucket=BUCKET, Key=key, Body=content)
        new = Home(folder / "new")
        said = new.run("recover", f"s3://{BUCKET}/newer", "--s3-endpoint", bucket.endpoint, code=5)
        assert why in said.stderr and not (new.folder / "catalog.db").exists(), said.stderr
    # The home goes on, and its next import writes a copy that can be used.
    home.run("import", DEMO / "clinvar.vcf", "--store", "clinvar")
    new.run("recover", f"s3://{BUCKET}/newer", "--s3-endpoint", bucket.endpoint)


def many_imports_at_once_are_all_in_the_copy(bucket, folder):
    home = Home(folder / "home").in_bucket(bucket.endpoint, "crowd")
    fill(home)
    crowd = [home.start("import", DEMO / "clinvar.vcf", "--store", "clinvar") for _ in range(12)]
    assert [it.wait(120) for it in crowd] == [0] * len(crowd)
    new = Home(folder / "new")
    new.run("recover", f"s3://{BUCKET}/crowd", "--s3-endpoint", bucket.endpoint)
    assert new.query("SELECT count(*) n FROM clinvar") == [{"n": 13 * 45}]


def what_cannot_be_written_makes_no_home(bucket, folder):
    with between(bucket.endpoint, lambda command, *_: "refuse" if command == "PUT" else None) as proxy:
        home = Home(folder / "home")
        home.run("init", "--data-url", f"s3://{BUCKET}/refused", "--s3-endpoint", proxy, code=5)
        assert not home.folder.exists()


if __name__ == "__main__":
    main([all_commands_answer_alike, what_is_deleted_goes_after_a_time, a_home_on_the_disk_moves,
          a_home_comes_back_and_the_old_one_is_refused, a_region_takes_few_requests, errors_say_what_to_do,
          a_home_within_anothers_folders_is_refused, the_copy_knows_of_deletions_and_strays_go,
          a_move_that_was_interrupted_trusts_no_size, a_server_that_is_silent_is_no_damage_and_can_be_left,
          a_home_that_lost_its_bucket_leaves_it_alone, an_import_beside_a_recovery_says_that_it_is_lost,
          a_copy_that_cannot_be_used_takes_no_bucket, many_imports_at_once_are_all_in_the_copy,
          what_cannot_be_written_makes_no_home])
