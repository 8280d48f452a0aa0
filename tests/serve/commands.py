"""The AWS CLI: from create-annotation-store to delete-share, and every command of the users' page."""

import re
import shutil

from server import *  # noqa: F403

PAGE = Path(__file__).resolve().parents[2] / "docs/service.md"


def commands_of_the_page():
    """The shell blocks of the page, each run as it stands, one after the other, in one folder."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) > 4
    with tempfile.TemporaryDirectory(prefix="annostore-page-") as folder:
        folder = Path(folder)
        tools = os.pathsep.join([str(Path(BINARY).resolve().parent), str(Path(sys.executable).parent)])
        # Work with the ports and folders of the test, not with those of whoever runs it.
        begin = f"set -eu\ncd {folder}\nexport PATH={tools}:$PATH ANNOSTORE_HOME={folder}/home AWS_PAGER= AWS_CONFIG_FILE=/dev/null\n"
        begin += "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
        script = begin + "\n".join(blocks).replace("4599", str(free_port()))
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        assert '"status": "COMPLETED"' in done.stdout and '"status": "ACTIVE"' in done.stdout, done.stdout


def free_port():
    import socket
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def the_life_of_the_cli_examples():
    aws = shutil.which("aws", path=str(Path(sys.executable).parent))
    assert aws, "awscli is not installed beside this Python"
    with Server() as server:
        def omics(account, *arguments):
            variables = {**os.environ, "AWS_ENDPOINT_URL_OMICS": server.url, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
                         "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1",
                         "AWS_PAGER": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_MAX_ATTEMPTS": "1"}
            done = subprocess.run([aws, "omics", *arguments], capture_output=True, text=True, env=variables, timeout=120)
            assert done.returncode == 0, f"{arguments}: {done.stderr}"
            return json.loads(done.stdout) if done.stdout.strip() else None

        mine = lambda *arguments: omics(OWNER, *arguments)
        reference = json.dumps(REFERENCE)
        made = mine("create-annotation-store", "--name", "my_ann_store", "--store-format", "TSV", "--reference", reference,
                    "--store-options", json.dumps(TSV_OPTIONS), "--version-name", "my_version", "--tags", "a=1")
        assert made["versionName"] == "my_version"
        mine("wait", "annotation-store-created", "--name", "my_ann_store")
        store = mine("get-annotation-store", "--name", "my_ann_store")
        assert mine("list-annotation-stores")["annotationStores"][0]["id"] == made["id"]
        mine("update-annotation-store", "--name", "my_ann_store", "--description", "my annotation store")
        mine("create-annotation-store-version", "--name", "my_ann_store", "--version-name", "my_version_2")
        mine("wait", "annotation-store-version-created", "--name", "my_ann_store", "--version-name", "my_version_2")
        mine("get-annotation-store-version", "--name", "my_ann_store", "--version-name", "my_version_2")
        mine("update-annotation-store-version", "--name", "my_ann_store", "--version-name", "my_version_2", "--description", "x")
        assert len(mine("list-annotation-store-versions", "--name", "my_ann_store")["annotationStoreVersions"]) == 2
        source = server.put("targets.tsv", TSV)
        job = mine("start-annotation-import-job", "--destination-name", "my_ann_store", "--no-run-left-normalization",
                   "--role-arn", ROLE, "--items", f"source={source}", "--version-name", "my_version")["jobId"]
        mine("wait", "annotation-import-job-created", "--job-id", job)
        assert mine("get-annotation-import-job", "--job-id", job)["status"] == "COMPLETED"
        assert mine("list-annotation-import-jobs", "--filter", "status=COMPLETED")["annotationImportJobs"][0]["id"] == job
        arn = store["storeArn"]
        mine("tag-resource", "--resource-arn", arn, "--tags", "department=x")
        assert mine("list-tags-for-resource", "--resource-arn", arn)["tags"] == {"a": "1", "department": "x"}
        mine("untag-resource", "--resource-arn", arn, "--tag-keys", "department")
        share = mine("create-share", "--resource-arn", arn, "--principal-subscriber", SUBSCRIBER, "--share-name", "s")["shareId"]
        omics(SUBSCRIBER, "accept-share", "--share-id", share)
        assert omics(SUBSCRIBER, "get-share", "--share-id", share)["share"]["status"] == "ACTIVE"
        assert omics(SUBSCRIBER, "list-shares", "--resource-owner", "OTHER")["shares"][0]["shareId"] == share
        assert server.query(f'SELECT count(*) n FROM "{OWNER}_my_ann_store"', SUBSCRIBER) == [{"n": 3}]
        mine("delete-share", "--share-id", share)
        answer = mine("delete-annotation-store-versions", "--name", "my_ann_store", "--versions", "my_version_2")
        assert answer == {"errors": []}, answer
        mine("delete-annotation-store", "--name", "my_ann_store")
        mine("wait", "annotation-store-deleted", "--name", "my_ann_store")


if __name__ == "__main__":
    main([the_life_of_the_cli_examples, commands_of_the_page])
