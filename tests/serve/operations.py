"""Every operation as boto3 calls it, and every limit of the service model with the member that it is on."""

import json
import time
import urllib.error
import urllib.request

from server import *  # noqa: F403


def every_operation_answers():
    with Server() as server:
        owner, subscriber = server.client(check=True), server.client(SUBSCRIBER, check=True)
        called = set()
        for client in (owner, subscriber):
            client.meta.events.register("after-call.omics.*", lambda model, **_: called.add(model.name))
        made = tsv_store(owner, "every", tags={"a": "1"}, description="d")
        assert owner.get_annotation_store(name="every")["id"] == made["id"]
        assert [it["name"] for it in owner.list_annotation_stores()["annotationStores"]] == ["every"]
        assert owner.update_annotation_store(name="every", description="e")["description"] == "e"
        owner.create_annotation_store_version(name="every", versionName="second")
        second = owner.get_annotation_store_version(name="every", versionName="second")
        assert second["status"] == "ACTIVE" and second["storeId"] == made["id"]
        listed = owner.list_annotation_store_versions(name="every")["annotationStoreVersions"]
        assert [it["versionName"] for it in listed] == ["second", "every"]
        owner.update_annotation_store_version(name="every", versionName="second", description="f")
        source = server.put("a.tsv", TSV)
        job = start(owner, "every", source)
        assert finished(owner, job)["status"] == "COMPLETED"
        assert [it["id"] for it in owner.list_annotation_import_jobs()["annotationImportJobs"]] == [job]
        with refused("ValidationException", "ended"):
            owner.cancel_annotation_import_job(jobId=job)
        arn = owner.get_annotation_store(name="every")["storeArn"]
        share = owner.create_share(resourceArn=arn, principalSubscriber=SUBSCRIBER, shareName="lab")["shareId"]
        assert subscriber.accept_share(shareId=share)["status"] == "ACTIVE"
        assert subscriber.get_share(shareId=share)["share"]["resourceId"] == made["id"]
        assert len(subscriber.list_shares(resourceOwner="OTHER", filter={"type": ["ANNOTATION_STORE"]})["shares"]) == 1
        assert subscriber.list_shares(resourceOwner="OTHER", filter={"type": ["WORKFLOW"]})["shares"] == []
        assert subscriber.list_shares(resourceOwner="SELF")["shares"] == []
        assert owner.delete_share(shareId=share)["status"] == "DELETED"
        assert owner.delete_share(shareId=share)["status"] == "DELETED"
        owner.tag_resource(resourceArn=arn, tags={"b c": "ä/&="})
        owner.untag_resource(resourceArn=arn, tagKeys=["a", "x&y"])
        assert owner.list_tags_for_resource(resourceArn=arn)["tags"] == {"b c": "ä/&="}
        version_arn = second["versionArn"]
        owner.tag_resource(resourceArn=version_arn, tags={"v": ""})
        assert owner.get_annotation_store_version(name="every", versionName="second")["tags"] == {"v": ""}
        assert owner.delete_annotation_store_versions(name="every", versions=["second"])["errors"] == []
        assert owner.delete_annotation_store(name="every")["status"] == "DELETING"
        with refused("ResourceNotFoundException"):
            owner.get_annotation_store(name="every")
        of_annotations = {name for name in owner.meta.service_model.operation_names
                          if any(word in name for word in ("Annotation", "Share", "TagResource", "UntagResource", "ListTags"))}
        assert called == of_annotations, of_annotations ^ called


def a_share_is_bound_to_its_store():
    with Server() as server:
        owner, subscriber = server.client(), server.client(SUBSCRIBER)
        tsv_store(owner, "bound")
        arn = owner.get_annotation_store(name="bound")["storeArn"]
        subscriber.accept_share(shareId=(share := owner.create_share(
            resourceArn=arn, principalSubscriber=SUBSCRIBER)["shareId"]))
        assert subscriber.get_annotation_store(name="bound")["storeArn"] == arn
        assert subscriber.get_annotation_store(name=f"{OWNER}_bound")["storeArn"] == arn
        assert [it["storeArn"] for it in subscriber.list_annotation_stores()["annotationStores"]] == [arn]
        mine = tsv_store(subscriber, "bound")
        assert subscriber.get_annotation_store(name="bound")["id"] == mine["id"]
        with refused("ConflictException", "shared"):
            owner.delete_annotation_store(name="bound")
        owner.delete_annotation_store(name="bound", force=True)
        tsv_store(owner, "bound")
        with refused("ResourceNotFoundException"):
            subscriber.get_annotation_store(name=f"{OWNER}_bound")
        assert subscriber.get_share(shareId=share)["share"]["status"] == "DELETED"
        assert server.run("query", f'SELECT 1 FROM "{OWNER}_bound"', account=SUBSCRIBER).returncode == 4


def limits_name_their_member():
    with Server() as server:
        client = server.client()
        tsv_store(client, "limits")
        arn = client.get_annotation_store(name="limits")["storeArn"]
        tsv = lambda **more: {"tsvStoreOptions": {**TSV_OPTIONS["tsvStoreOptions"], **more}}
        create = lambda **more: lambda: client.create_annotation_store(
            **{"name": "other", "storeFormat": "TSV", "reference": REFERENCE, "storeOptions": TSV_OPTIONS, **more})
        job = lambda **more: lambda: client.start_annotation_import_job(
            **{"destinationName": "limits", "roleArn": ROLE, "items": [{"source": "s3://bucket/a"}], **more})
        read = lambda **more: job(formatOptions={"tsvOptions": {"readOptions": more}})
        inside = "formatOptions.tsvOptions.readOptions."
        for call, member in [
            (create(name="ab"), "name"), (create(name="A" * 5), "name"), (create(name=5), "name"),
            (create(versionName="a-b"), "versionName"), (create(storeFormat="BED"), "storeFormat"),
            (create(description="x" * 501), "description"), (create(tags={"a": "x" * 257}), "tags.a"),
            (create(tags={"": "x"}), "tags"), (create(reference={"referenceArn": "x"}), "reference.referenceArn"),
            (create(sseConfig={"type": "AES"}), "sseConfig.type"),
            (create(sseConfig={"type": "KMS", "keyArn": "x" * 30}), "sseConfig.keyArn"),
            (create(storeOptions=tsv(annotationType="X")), "storeOptions.tsvStoreOptions.annotationType"),
            (create(storeOptions=tsv(schema=[])), "storeOptions.tsvStoreOptions.schema"),
            (create(storeOptions=tsv(schema=[{"a": "INT", "b": "INT"}])), "storeOptions.tsvStoreOptions.schema[0]"),
            (create(storeOptions=tsv(schema=[{"a": "int"}])), "storeOptions.tsvStoreOptions.schema[0].a"),
            (create(storeOptions=tsv(formatToHeader={"CHR": "chrom"})), "storeOptions.tsvStoreOptions.formatToHeader"),
            (job(destinationName="x"), "destinationName"), (job(versionName="X"), "versionName"),
            (job(roleArn="arn:aws:iam::12:role/importer"), "roleArn"), (job(items=[]), "items"),
            (job(items=[{"source": "s3://bucket/a"}] * 2), "items"),
            (job(items=[{"source": "/etc/passwd"}]), "items[0].source"),
            (job(items=[{"source": "s3://B/a"}]), "items[0].source"), (job(items=[{"source": 5}]), "items[0].source"),
            (job(annotationFields={"VEP": "x" * 22}), "annotationFields.VEP"),
            (job(runLeftNormalization="yes"), "runLeftNormalization"),
            (job(formatOptions={"tsvOptions": {}, "vcfOptions": {}}), "formatOptions"),
            (job(formatOptions={"vcfOptions": {}}), "formatOptions.vcfOptions"),
            (read(sep=""), inside + "sep"), (read(sep="x" * 21), inside + "sep"), (read(quote="ab"), inside + "quote"),
            (read(header="true"), inside + "header"), (read(encoding="x" * 21), inside + "encoding"),
            (lambda: client.list_annotation_stores(maxResults=0), "maxResults"),
            (lambda: client.list_annotation_stores(maxResults=101), "maxResults"),
            (lambda: client.list_annotation_stores(nextToken="x"), "nextToken"),
            (lambda: client.list_annotation_stores(ids=[]), "ids"),
            (lambda: client.list_annotation_stores(ids=["x" * 51]), "ids[0]"),
            (lambda: client.list_annotation_stores(ids=["x"] * 21), "ids"),
            (lambda: client.list_annotation_stores(filter={"status": "GONE"}), "filter.status"),
            (lambda: client.list_annotation_import_jobs(filter={"status": "DONE"}), "filter.status"),
            (lambda: client.list_annotation_store_versions(name="limits", filter={"status": "X"}), "filter.status"),
            (lambda: client.get_annotation_import_job(jobId="x"), "jobId"),
            (lambda: client.cancel_annotation_import_job(jobId="x"), "jobId"),
            (lambda: client.create_annotation_store_version(name="limits", versionName="ab"), "versionName"),
            (lambda: client.delete_annotation_store_versions(name="limits", versions=[]), "versions"),
            (lambda: client.delete_annotation_store_versions(name="limits", versions=["a" * 3] * 11), "versions"),
            (lambda: client.update_annotation_store(name="limits", description="x" * 501), "description"),
            (lambda: client.create_share(resourceArn="x", principalSubscriber=SUBSCRIBER), "resourceArn"),
            (lambda: client.create_share(resourceArn=arn, principalSubscriber="x"), "principalSubscriber"),
            (lambda: client.create_share(resourceArn=arn, principalSubscriber=SUBSCRIBER, shareName="a b"), "shareName"),
            (lambda: client.list_shares(resourceOwner="ME"), "resourceOwner"),
            (lambda: client.list_shares(resourceOwner="SELF", filter={"status": ["X"]}), "filter.status[0]"),
            (lambda: client.list_shares(resourceOwner="SELF", filter={"type": []}), "filter.type"),
            (lambda: client.list_shares(resourceOwner="SELF", filter={"resourceArns": []}), "filter.resourceArns"),
            (lambda: client.tag_resource(resourceArn="x", tags={}), "resourceArn"),
            (lambda: client.tag_resource(resourceArn="arn:" + "x" * 150, tags={}), "resourceArn"),
            (lambda: client.tag_resource(resourceArn=arn, tags={str(n): "" for n in range(51)}), "tags"),
            (lambda: client.untag_resource(resourceArn=arn, tagKeys=[""]), "tagKeys"),
        ]:
            with refused("ValidationException", member):
                call()
        assert client.list_annotation_import_jobs()["annotationImportJobs"] == []


def raw(server, method, path, body=None, headers=None, signed=True):
    """Status, exception and body of a request that botocore would not send."""
    request = urllib.request.Request(server.url + path, body, method=method, headers=headers or {})
    if signed:
        request.add_header("Authorization", f"AWS4-HMAC-SHA256 Credential={OWNER}/x, SignedHeaders=host, Signature=0")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, "", answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("x-amzn-errortype"), error.read()


def requests_that_no_client_sends():
    with Server() as server:
        for path, body, says in [
            ("/annotationStore", b'{"storeFormat": "VCF", "annotationStoreId": "x"}', "annotationStoreId"),
            ("/annotationStore", b'{"storeOptions": {"tsvStoreOptions": {"columns": []}}}', "storeOptions.tsvStoreOptions"),
            ("/annotationStore", b'{"reference": {"arn": "x"}}', "reference"),
            ("/import/annotation", b'{"clientToken": "x"}', "clientToken"),
            ("/annotationStore", b'{"name": "a", "name": "b"}', "name"),
            ("/annotationStore", b"[]", "JSON"), ("/annotationStore", b"{", "EOF"), ("/annotationStore", b"\xff", "UTF-8"),
            ("/annotationStore", b'{"a":' * 500 + b"1" + b"}" * 500, ""),
            ("/annotationStore", b" " * (3 << 20), "bytes"),
            ("/annotationStores?maxResult=3", b"", "maxResult"), ("/annotationStores?maxResults=x", b"", "maxResults"),
            ("/share/x?force=true", b"", "force"),
        ]:
            status, kind, answer = raw(server, "POST", path, body)
            assert (status, kind) == (400, "ValidationException"), (path, body[:60], status, kind)
            assert says in json.loads(answer)["message"], answer
        assert raw(server, "GET", "/nothing")[:2] == (404, "UnknownOperationException")
        assert raw(server, "PUT", "/annotationStore")[:2] == (404, "UnknownOperationException")
        assert raw(server, "GET", "/annotationStore/..%2f..%2fetc")[:2] == (404, "ResourceNotFoundException")
        assert raw(server, "GET", "/annotationStore/a", headers={"x-long": "x" * 1_000_000})[0] in (400, 431)
        assert raw(server, "GET", "/health", signed=False)[0] == 200
        assert raw(server, "GET", "/annotationStore/a", headers={"Host": "evil"})[:2] == (403, "AccessDeniedException")
        for header in ({"Authorization": "Basic x"}, {"Authorization": "Bearer Credential=x/y"}, {}):
            assert raw(server, "POST", "/annotationStores", b"{}", header, signed=False)[:2] == (403, "AccessDeniedException")


def tokens_are_bound_to_caller_and_filter():
    with Server() as server:
        owner, other = server.client(), server.client(STRANGER)
        for client in (owner, other):
            for name in ("one_a", "one_b", "one_c"):
                tsv_store(client, name)
        token = owner.list_annotation_stores(maxResults=1)["nextToken"]
        assert len(owner.list_annotation_stores(nextToken=token)["annotationStores"]) == 2
        for client, more in ((other, {}), (owner, {"filter": {"status": "ACTIVE"}}), (owner, {"ids": ["x"]})):
            with refused("ValidationException", "nextToken"):
                client.list_annotation_stores(nextToken=token, **more)
        with refused("ValidationException", "nextToken"):
            owner.list_annotation_import_jobs(nextToken=token)


def quotas_hold_where_asked_for():
    with Server("--quotas", "service") as server:
        owner = server.client()
        for number in range(10):
            tsv_store(owner, f"store_{number}")
        with refused("ServiceQuotaExceededException"):
            tsv_store(owner, "store_10")
        tsv_store(server.client(STRANGER), "store_10")
        arn = owner.get_annotation_store(name="store_0")["storeArn"]
        codes = []
        for _ in range(8):
            try:
                owner.list_tags_for_resource(resourceArn=arn)
            except ClientError as error:
                codes.append(error.response["Error"]["Code"])
        assert "ThrottlingException" in codes and set(codes) == {"ThrottlingException"}, codes
        shares = 0
        while shares < 10:
            try:
                owner.create_share(resourceArn=arn, principalSubscriber=f"{shares:012}")
                shares += 1
            except ClientError as error:
                assert error.response["Error"]["Code"] == "ThrottlingException"
                time.sleep(0.3)
        time.sleep(1.1)
        with refused("ServiceQuotaExceededException"):
            owner.create_share(resourceArn=arn, principalSubscriber=SUBSCRIBER)


def quotas_of_jobs_hold_where_asked_for():
    with Server("--quotas", "service") as server:
        owner, stranger = server.client(), server.client(STRANGER)
        for client in (owner, stranger):
            tsv_store(client, "scores")
        rows = "".join(f"chr1\t{n}\t0.1\n" for n in range(1, 1_500_000))
        big = server.put("big.tsv", "chrom\tpos\tscore\n" + rows)
        jobs = [start(owner, "scores", big) for _ in range(5)]
        with refused("ServiceQuotaExceededException"):
            start(owner, "scores", big)
        other = start(stranger, "scores", server.put("small.tsv", TSV))
        assert {finished(owner, job)["status"] for job in jobs} == {"COMPLETED"}
        assert finished(stranger, other)["status"] == "COMPLETED"
        # Jobs that have ended do not count. The file has a hole in the place of its bytes.
        with open(server.s3 / "bucket" / "huge.tsv", "wb") as file:
            file.truncate(20_000_000_001)
        found = finished(owner, start(owner, "scores", "s3://bucket/huge.tsv"))
        assert found["status"] == "FAILED" and "at most 20000000000" in found["statusMessage"], found


def a_server_stops_in_good_order():
    with Server() as server:
        client = server.client()
        tsv_store(client, "stopping")
        big = server.put("big.tsv", "chrom\tpos\tscore\n" + "".join(f"chr1\t{n}\t0.1\n" for n in range(1, 1_500_000)))
        jobs = [start(client, "stopping", big) for _ in range(7)]
        time.sleep(0.3)
        states = [client.get_annotation_import_job(jobId=job)["status"] for job in jobs]
        assert states.count("IN_PROGRESS") <= 5, states
        client.cancel_annotation_import_job(jobId=jobs[6])
        assert server.stop() == 0, (server.folder / "log").read_text()
        assert not list((server.home / "staging").iterdir())
        server.start()
        client = server.client()
        done = [finished(client, job)["status"] for job in jobs]
        assert done == ["COMPLETED"] * 6 + ["CANCELLED"], done
        assert server.query("SELECT count(*) n FROM stopping") == [{"n": 6 * 1_499_999}]


def a_job_that_fails_says_why():
    with Server() as server:
        client = server.client()
        tsv_store(client, "failing")
        rows = "".join(f"chr1\tx{n}\t0\n" for n in range(10))
        job = start(client, "failing", server.put("bad.tsv", TSV + rows))
        found = finished(client, job)
        assert found["status"] == "FAILED" and found["completionTime"], found
        message = found["statusMessage"]
        assert "s3://bucket/bad.tsv:5:6" in message and "7 more" in message, message
        report = server.run("job", "report", job)
        assert "bad.tsv" in report.stdout and "not-an-integer" in report.stdout, report
        assert json.loads(server.run("job", "report", job, "--json").stdout)["files"][0]["rejected_lines"] == 10
        job = start(client, "failing", "s3://bucket/absent.tsv")
        assert "no such object" in finished(client, job)["statusMessage"]


def rows_of_gff_are_dropped_and_told():
    with Server() as server:
        client = server.client()
        client.create_annotation_store(name="genes", storeFormat="GFF", reference=REFERENCE)
        good = "##gff-version 3\nchr1\t.\tgene\t100\t500\t.\t+\t.\tID=a\n"
        job = start(client, "genes", server.put("a.gff3", good + "chr1\t.\tgene\tx\t500\t.\t+\t.\tID=b\n"))
        found = finished(client, job)
        assert found["status"] == "COMPLETED" and "a.gff3:3:" in found["statusMessage"], found
        assert server.query("SELECT id FROM genes") == [{"id": "a"}]


if __name__ == "__main__":
    main([every_operation_answers, a_share_is_bound_to_its_store, limits_name_their_member,
          requests_that_no_client_sends, tokens_are_bound_to_caller_and_filter, quotas_hold_where_asked_for,
          quotas_of_jobs_hold_where_asked_for, a_server_stops_in_good_order, a_job_that_fails_says_why,
          rows_of_gff_are_dropped_and_told])
