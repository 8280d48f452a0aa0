"""The 22 operations as six callers: 132 answers.

The answer for what is not the caller's has to be, byte for byte, the one for what does not exist.
"""

import json

import server as of
from server import *  # noqa: F403

OK, GONE, DENIED, INVALID, CONFLICT = ("ok", "ResourceNotFoundException", "AccessDeniedException",
                                       "ValidationException", "ConflictException")
CALLERS = ("owner", "offered", "active", "revoked", "stranger", "unsigned")
# Operations that each caller may send about its own things are `ok` for all who sign.
TABLE = {
    "CreateAnnotationStore":         (OK, OK, OK, OK, OK, DENIED),
    "GetAnnotationStore":            (OK, GONE, OK, GONE, GONE, DENIED),
    "ListAnnotationStores":          (OK, OK, OK, OK, OK, DENIED),
    "UpdateAnnotationStore":         (OK, GONE, GONE, GONE, GONE, DENIED),
    "DeleteAnnotationStore":         (CONFLICT, GONE, GONE, GONE, GONE, DENIED),
    "CreateAnnotationStoreVersion":  (OK, GONE, GONE, GONE, GONE, DENIED),
    "GetAnnotationStoreVersion":     (OK, GONE, OK, GONE, GONE, DENIED),
    "ListAnnotationStoreVersions":   (OK, GONE, OK, GONE, GONE, DENIED),
    "UpdateAnnotationStoreVersion":  (OK, GONE, GONE, GONE, GONE, DENIED),
    "DeleteAnnotationStoreVersions": (OK, GONE, GONE, GONE, GONE, DENIED),
    "StartAnnotationImportJob":      (OK, GONE, GONE, GONE, GONE, DENIED),
    "GetAnnotationImportJob":        (OK, GONE, GONE, GONE, GONE, DENIED),
    "ListAnnotationImportJobs":      (OK, OK, OK, OK, OK, DENIED),
    "CancelAnnotationImportJob":     (INVALID, GONE, GONE, GONE, GONE, DENIED),
    "CreateShare":                   (OK, GONE, GONE, GONE, GONE, DENIED),
    "AcceptShare":                   (DENIED, OK, CONFLICT, CONFLICT, GONE, DENIED),
    "GetShare":                      (OK, OK, OK, OK, GONE, DENIED),
    "ListShares":                    (OK, OK, OK, OK, OK, DENIED),
    "DeleteShare":                   (OK, OK, OK, OK, GONE, DENIED),
    "TagResource":                   (OK, GONE, GONE, GONE, GONE, DENIED),
    "UntagResource":                 (OK, GONE, GONE, GONE, GONE, DENIED),
    "ListTagsForResource":           (OK, GONE, GONE, GONE, GONE, DENIED),
}


class Scene:
    """A store of the owner with a job, and a share as the caller sees it."""

    def __init__(self, server, number):
        self.owner = server.client()
        self.store = f"scene_{number}"
        tsv_store(self.owner, self.store, tags={"secret": "1"})
        self.owner.create_annotation_store_version(name=self.store, versionName="second")
        self.arn = self.owner.get_annotation_store(name=self.store)["storeArn"]
        self.job = start(self.owner, self.store, server.put("a.tsv", TSV))
        finished(self.owner, self.job)
        self.share = self.owner.create_share(resourceArn=self.arn, principalSubscriber=SUBSCRIBER)["shareId"]

    def requests(self, absent=False):
        """Arguments of every operation, on the scene or on things that do not exist."""
        none = "00000000-0000-0000-0000-000000000000"
        store, job, share = ("absent", none, none) if absent else (self.store, self.job, self.share)
        arn = self.arn.rsplit("/", 1)[0] + "/" + store
        return {
            "CreateAnnotationStore": dict(name="new_" + self.store, storeFormat="VCF", reference=REFERENCE),
            "GetAnnotationStore": dict(name=store),
            "ListAnnotationStores": {},
            "UpdateAnnotationStore": dict(name=store, description="x"),
            "DeleteAnnotationStore": dict(name=store),
            "CreateAnnotationStoreVersion": dict(name=store, versionName="third"),
            "GetAnnotationStoreVersion": dict(name=store, versionName="second"),
            "ListAnnotationStoreVersions": dict(name=store),
            "UpdateAnnotationStoreVersion": dict(name=store, versionName="second", description="x"),
            "DeleteAnnotationStoreVersions": dict(name=store, versions=["second"]),
            "StartAnnotationImportJob": dict(destinationName=store, roleArn=ROLE, items=[{"source": "s3://bucket/a.tsv"}]),
            "GetAnnotationImportJob": dict(jobId=job),
            "ListAnnotationImportJobs": {},
            "CancelAnnotationImportJob": dict(jobId=job),
            "CreateShare": dict(resourceArn=arn, principalSubscriber="000000000001"),
            "AcceptShare": dict(shareId=share),
            "GetShare": dict(shareId=share),
            "ListShares": dict(resourceOwner="OTHER"),
            "DeleteShare": dict(shareId=share),
            "TagResource": dict(resourceArn=arn, tags={"b": "2"}),
            "UntagResource": dict(resourceArn=arn, tagKeys=["b"]),
            "ListTagsForResource": dict(resourceArn=arn),
        }


def caller(server, scene, name):
    """A client that stands to the scene as the name says."""
    if name == "owner":
        return server.client()
    if name in ("stranger", "unsigned"):
        client = server.client(STRANGER)
        if name == "unsigned":
            strip = lambda request, **_: request.headers.__delitem__("Authorization")
            client.meta.events.register("before-send.omics", strip)
        return client
    subscriber = server.client(SUBSCRIBER)
    if name in ("active", "revoked"):
        subscriber.accept_share(shareId=scene.share)
    if name == "revoked":
        scene.owner.delete_share(shareId=scene.share)
    return subscriber


def send(client, operation, arguments):
    """What is answered: `ok` or the exception, and the raw body with the names of the request taken out."""
    bodies = []
    client.meta.events.register("after-call.omics", lambda http_response, **_: bodies.append(http_response.content))
    try:
        getattr(client, of.boto3.session.botocore.xform_name(operation))(**arguments)
        answer = OK
    except ClientError as error:
        answer = error.response["Error"]["Code"]
    body = bodies[-1].decode()
    for value in arguments.values():
        body = body.replace(value, "#") if isinstance(value, str) else body
    return answer, body


def all_132_answers():
    assert sum(len(row) for row in TABLE.values()) == 132
    wrong, number = [], 0
    with Server() as server:
        for column, name in enumerate(CALLERS):
            for operation, row in TABLE.items():
                number += 1
                scene = Scene(server, number)
                client = caller(server, scene, name)
                answer, body = send(client, operation, scene.requests()[operation])
                if answer != row[column]:
                    wrong.append(f"{operation} as {name}: {answer}, not {row[column]}: {body[:200]}")
                if answer == GONE:
                    other, absent = send(client, operation, scene.requests(absent=True)[operation])
                    if (other, absent) != (answer, body):
                        wrong.append(f"{operation} as {name} tells what exists: {body} is not {absent}")
                if answer == OK and name in ("offered", "revoked", "stranger") and scene.store in body and "new_" not in body:
                    if operation not in ("GetShare", "ListShares"):
                        wrong.append(f"{operation} as {name} names the store: {body[:200]}")
    assert not wrong, "\n".join(wrong)


def queries_follow_the_share():
    with Server() as server:
        scene = Scene(server, 0)
        sql = f'SELECT count(*) n FROM "{OWNER}_{scene.store}".{scene.store}'
        subscriber = server.client(SUBSCRIBER)
        tables = lambda: json.dumps(server.query("SHOW TABLES", SUBSCRIBER))
        assert server.run("query", sql, account=SUBSCRIBER).returncode == 4 and scene.store not in tables()
        subscriber.accept_share(shareId=scene.share)
        assert server.query(sql, SUBSCRIBER) == [{"n": 3}] and scene.store in tables()
        assert server.run("query", sql, account=STRANGER).returncode == 4
        assert server.run("query", f"SELECT 1 FROM {scene.store}", account=SUBSCRIBER).returncode == 4
        subscriber.delete_share(shareId=scene.share)
        assert server.run("query", sql, account=SUBSCRIBER).returncode == 4 and scene.store not in tables()


if __name__ == "__main__":
    main([all_132_answers, queries_follow_the_share])
