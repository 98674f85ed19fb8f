"""Google's own Python client against the control socket, every answer checked against Google's discovery documents.

    google_client.py SOCKET DATASET STORE PROJECT/DATASET

DATASET and STORE are full resource names; the last argument is where tables may be made. Needs google-api-python-client,
which brings the discovery documents; uses no network. Ends with 0 if all is well.
"""

import http.client
import json
import re
import socket
import sys
import time
import urllib.parse

import httplib2
from googleapiclient.discovery import build
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

CODES = {
    "CANCELLED": 499, "INVALID_ARGUMENT": 400, "NOT_FOUND": 404, "ALREADY_EXISTS": 409, "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429, "FAILED_PRECONDITION": 400, "UNIMPLEMENTED": 501, "INTERNAL": 500, "UNAVAILABLE": 503,
}


class Schemas:
    """The messages of a discovery document, as JSON has to look."""

    def __init__(self, document):
        self.schemas = document["schemas"]
        self.version = document["version"]
        self.methods = []
        self._collect(document)

    def _collect(self, resource):
        for method in resource.get("methods", {}).values():
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(method["flatPath"]))
            self.methods.append((method, re.compile(f"/{pattern}$")))
        for inner in resource.get("resources", {}).values():
            self._collect(inner)

    def method(self, verb, path):
        # The longest: a custom method's path is also that of a resource with a colon in its id.
        found = [method for method, pattern in self.methods if method["httpMethod"] == verb and pattern.match(path)]
        return max(found, key=lambda method: len(method["flatPath"]), default=None)

    def check(self, value, schema, where):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind, form = schema.get("type"), schema.get("format")
        if kind == "object":
            assert isinstance(value, dict), f"{where}: no object: {value!r}"
            properties, rest = schema.get("properties", {}), schema.get("additionalProperties")
            for name, member in value.items():
                known = properties.get(name, rest)
                assert known is not None, f"{where}: Google has no field {name!r}"
                self.check(member, known, f"{where}.{name}")
            return
        if kind == "array":
            assert isinstance(value, list), f"{where}: no list: {value!r}"
            for index, element in enumerate(value):
                self.check(element, schema["items"], f"{where}[{index}]")
        elif kind == "string":
            assert isinstance(value, str), f"{where}: no string: {value!r}"
            if form in ("int64", "uint64"):
                assert re.fullmatch(r"-?[0-9]+", value) and -(2**63) <= int(value) < 2**63, f"{where}: {value!r}"
            elif form == "google-datetime":
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", value), f"{where}: {value!r}"
            else:
                assert form in (None, "google-fieldmask", "byte", "google-duration"), f"{where}: format {form}"
            if "enum" in schema:
                assert value in schema["enum"], f"{where}: {value!r} is none of {schema['enum']}"
        elif kind == "boolean":
            assert isinstance(value, bool), f"{where}: {value!r}"
        elif kind == "integer":
            assert isinstance(value, int) and not isinstance(value, bool), f"{where}: {value!r}"
            assert form != "int32" or -(2**31) <= value < 2**31, f"{where}: {value!r}"
        elif kind == "number":
            assert isinstance(value, (int, float)) and not isinstance(value, bool), f"{where}: {value!r}"
        else:
            assert kind == "any", f"{where}: {schema}"

    def check_operation(self, operation, where):
        """What the schema leaves open: the two Anys, and that one of error and response ends an operation."""
        kind = f"type.googleapis.com/google.cloud.healthcare.{self.version}.OperationMetadata"
        metadata = dict(operation["metadata"])
        assert metadata.pop("@type") == kind, f"{where}: {operation['metadata']['@type']}"
        self.check(metadata, {"$ref": "OperationMetadata"}, f"{where}.metadata")
        assert re.fullmatch(r"projects/[^/]+/locations/[^/]+/datasets/[^/]+/operations/[0-9]+", operation["name"])
        ends = [name for name in ("error", "response") if name in operation]
        assert len(ends) == (1 if operation.get("done") else 0), f"{where}: {operation}"
        assert operation.get("done") in (None, True), f"{where}: false values are left out"
        assert ("endTime" in metadata) == bool(operation.get("done")), f"{where}: {operation}"
        if "response" in operation:
            assert operation["response"]["@type"].startswith("type.googleapis.com/"), where


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class UnixTransport(httplib2.Http):
    """What Google's client takes in place of its own connections; keeps one open, as it does."""

    def __init__(self, path, schemas):
        super().__init__()
        self.connection = UnixConnection(path)
        self.schemas = schemas
        self.seen = 0

    def request(self, uri, method="GET", body=None, headers=None, **_):
        parts = urllib.parse.urlsplit(uri)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self.connection.request(method, target, body=body, headers=headers or {})
        answer = self.connection.getresponse()
        content = answer.read()
        self.check(method, parts, answer, content)
        return httplib2.Response(answer), content

    def check(self, verb, parts, answer, content):
        where = f"{verb} {parts.path}"
        value = json.loads(content)
        kind = answer.getheader("Content-Type")
        assert kind == "application/json; charset=UTF-8", f"{where}: {kind}"
        self.seen += 1
        if answer.status != 200:
            error = value["error"]
            assert set(value) == {"error"} and set(error) <= {"code", "message", "status", "details"}, value
            assert error["code"] == answer.status == CODES[error["status"]], f"{where}: {answer.status} {value}"
            self.schemas.check(error.get("details", []), self.schemas.schemas["Status"]["properties"]["details"], where)
            return
        method = self.schemas.method(verb, parts.path)
        assert method, f"{where}: answers, and is none of Google's methods"
        schema = method["response"]["$ref"]
        self.schemas.check(value, method["response"], where)
        if "fields" in urllib.parse.parse_qs(parts.query):
            return
        operations = [value] if schema == "Operation" else value.get("operations", [])
        for operation in operations:
            self.schemas.check_operation(operation, where)


def refused(request):
    """The status by which a request is refused."""
    try:
        return f"accepted: {request.execute(num_retries=0)}"
    except HttpError as error:
        return json.loads(error.content)["error"]["status"]


class Session:
    def __init__(self, path, version, dataset, store, tables):
        self.schemas = Schemas(json.loads(get_static_doc("healthcare", version)))
        self.http = UnixTransport(path, self.schemas)
        service = build("healthcare", version, http=self.http, static_discovery=True)
        datasets = service.projects().locations().datasets()
        self.stores, self.operations = datasets.dicomStores(), datasets.operations()
        self.dataset, self.store, self.version = dataset, store, version
        self.tables = "bq://" + tables.replace("/", ".") + f".client_{version}"

    def export(self, table="", filter_uri=None, **destination):
        body = {"bigqueryDestination": {"tableUri": self.tables + table, **destination}}
        if filter_uri:
            body["filterConfig"] = {"resourcePathsGcsUri": filter_uri}
        return self.stores.export(name=self.store, body=body)

    def wait(self, operation):
        """As users write it: the counter may be absent early."""
        deadline = time.monotonic() + 60
        while not operation.get("done"):
            assert time.monotonic() < deadline, operation
            time.sleep(0.02)
            operation = self.operations.get(name=operation["name"]).execute()
        return operation

    def run(self):
        self.look_at_stores()
        first = self.export_and_wait()
        self.list_operations(first)
        self.cancel()
        self.be_refused()
        self.ask_for_parts(first)
        self.ask_for_all_methods()
        return self.http.seen

    def look_at_stores(self):
        listed = self.stores.list(parent=self.dataset).execute()["dicomStores"]
        assert self.store in [store["name"] for store in listed], listed
        assert self.stores.get(name=self.store).execute()["name"] == self.store
        metrics = self.stores.getDICOMStoreMetrics(name=self.store).execute()
        self.instances = metrics["instanceCount"]
        assert int(self.instances) > 0, metrics

    def export_and_wait(self):
        started = self.export().execute()
        done = self.wait(started)
        assert done["name"] == started["name"], (started, done)
        assert done["response"]["@type"] == "type.googleapis.com/google.protobuf.Empty", done
        assert done["metadata"]["counter"] == {"success": self.instances}, done
        method = "google.cloud.healthcare.v1.dicom.DicomService.ExportDicomData_bq"
        assert done["metadata"]["apiMethodName"] == method, done
        exists = self.wait(self.export().execute())
        assert exists["error"]["code"] == 6, exists
        for disposition in ("WRITE_TRUNCATE", "WRITE_APPEND"):
            assert "error" not in self.wait(self.export(writeDisposition=disposition).execute())
        assert "error" not in self.wait(self.export(force=True, includeSourceStore=True).execute())
        json_table = self.export("_json", schemaJson={}, writeDisposition="WRITE_EMPTY")
        assert "error" not in self.wait(json_table.execute())
        filtered = self.wait(self.export("_filtered", "gs://filters/none.txt").execute())
        assert "error" not in filtered and "counter" in filtered["metadata"], filtered
        return done

    def list_operations(self, known):
        names, request, pages = [], self.operations.list(name=self.dataset, pageSize=2), 0
        while request is not None:
            page = request.execute()
            assert len(page.get("operations", [])) <= 2, page
            names += [operation["name"] for operation in page.get("operations", [])]
            request = self.operations.list_next(request, page)
            pages += 1
        assert known["name"] in names and len(set(names)) == len(names) and pages > 1, names
        ended = self.operations.list(name=self.dataset, filter="done=true", pageSize=1000).execute()["operations"]
        assert ended and all(operation["done"] for operation in ended)

    def cancel(self):
        for attempt in range(50):
            started = self.export(f"_cancelled{attempt}").execute()
            try:
                assert self.operations.cancel(name=started["name"], body={}).execute() == {}
            except HttpError as error:
                assert json.loads(error.content)["error"]["status"] == "FAILED_PRECONDITION"
            ended = self.wait(started)
            if "error" in ended:
                assert ended["error"]["code"] == 1 and ended["metadata"]["cancelRequested"], ended
                return
        raise AssertionError("no export could be cancelled")

    def be_refused(self):
        unknown = self.store.rsplit("/", 1)[0] + "/unknown"
        wrong = {"bigqueryDestination": {"tableUri": "bq://p.../../x.t"}}
        unspelled = {"bigqueryDestination": {"tableUri": self.tables, "write_everything": True}}
        bucket = {"gcsDestination": {"uriPrefix": "gs://a/b"}}
        create = self.stores.create(parent=self.dataset, dicomStoreId="new", body={})
        for expected, request in [
            ("NOT_FOUND", self.operations.get(name=f"{self.dataset}/operations/1")),
            ("NOT_FOUND", self.operations.list(name="projects/p/locations/l/datasets/unknown")),
            ("NOT_FOUND", self.stores.list(parent="projects/p/locations/l/datasets/unknown")),
            ("NOT_FOUND", self.stores.get(name=unknown)),
            ("NOT_FOUND", self.stores.export(name=unknown, body={"bigqueryDestination": {"tableUri": self.tables}})),
            ("INVALID_ARGUMENT", self.stores.export(name=self.store, body=wrong)),
            ("INVALID_ARGUMENT", self.stores.export(name=self.store, body=unspelled)),
            ("INVALID_ARGUMENT", self.stores.export(name=self.store, body={})),
            ("INVALID_ARGUMENT", self.operations.list(name=self.dataset, fields="name(")),
            ("UNIMPLEMENTED", self.stores.export(name=self.store, body=bucket)),
            ("UNIMPLEMENTED", create),
            ("UNIMPLEMENTED", self.stores.delete(name=self.store)),
        ]:
            found = refused(request)
            assert found == expected, f"{request.uri}: {found}, not {expected}"

    def ask_for_parts(self, known):
        part = self.operations.get(name=known["name"], fields="name,metadata/counter/success").execute()
        assert part == {"name": known["name"], "metadata": {"counter": {"success": self.instances}}}, part
        page = self.operations.list(name=self.dataset, fields="operations(name,done)").execute()
        assert set(page) == {"operations"}
        assert all(set(operation) <= {"name", "done"} for operation in page["operations"]), page
        query = "?alt=json&prettyPrint=false&%24.xgafv=2&key=none&quotaUser=me"
        response, content = self.http.request(f"http://localhost/{self.version}/{self.store}{query}")
        assert response.status == 200 and b"\n" not in content.strip(), content

    def ask_for_all_methods(self):
        """Google's other methods of v1 are known by their names; of v1beta1, those that v1 has."""
        ours = {"export", "get", "list", "cancel", "getDICOMStoreMetrics"}
        for method, _ in self.schemas.methods:
            collection, name = method["id"].split(".")[-2:]
            if collection in ("dicomStores", "operations") and name in ours and "datasets" in method["id"]:
                continue
            path = re.sub(r"\{[^}]*\}", "x", method["flatPath"])
            body = "{}" if method["httpMethod"] in ("POST", "PUT", "PATCH") else None
            response, content = self.http.request(f"http://localhost/{path}", method["httpMethod"], body)
            error = json.loads(content)["error"]
            if self.version == "v1":
                assert response.status == 501 and method["id"] in error["message"], f"{method['id']}: {error}"
            assert response.status in (404, 501), f"{method['id']}: {error}"


def main():
    path, dataset, store, tables = sys.argv[1:]
    for version in ("v1", "v1beta1"):
        seen = Session(path, version, dataset, store, tables).run()
        print(f"{version}: {seen} answers are as Google's discovery document has them")


if __name__ == "__main__":
    main()
