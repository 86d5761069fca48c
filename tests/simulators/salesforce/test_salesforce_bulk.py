"""Jobs of Bulk API 2.0. Source: salesforce-api.md 5.4."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest

from tests.simulators.salesforce.conftest import KEY

CSV = {"content-type": "text/csv; charset=UTF-8"}


class Jobs:
    """Jobs whose work is done at once, unless told otherwise."""

    def __init__(self, api):
        self.api = api
        api.simulator.actions()["bulk"]({"seconds": 0})

    def open(self, operation="insert", name="Contact", **more):
        asked = {"object": name, "operation": operation, "contentType": "CSV", **more}
        answered = self.api("POST", "jobs/ingest", asked)
        assert answered.status == 200, answered.body
        return answered.body

    def put(self, job, text):
        return self.api("PUT", "/" + job["contentUrl"], text.encode(), CSV)

    def run(self, text, operation="insert", **more):
        """Send a file; return the job's path when it is over."""
        job = self.open(operation, **more)
        assert self.put(job, text).status == 201
        path = f"jobs/ingest/{job['id']}"
        closed = self.api("PATCH", path, {"state": "UploadComplete"})
        assert closed.body["state"] == "UploadComplete"
        return path

    def counts(self, path):
        shown = self.api("GET", path).body
        names = ("state", "numberRecordsProcessed", "numberRecordsFailed")
        return tuple(shown[name] for name in names)

    def rows(self, path, which):
        answered = self.api("GET", f"{path}/{which}")
        assert answered.headers["content-type"] == "text/csv"
        return list(csv.DictReader(StringIO(answered.body, newline="")))

    def query(self, text, **more):
        answered = self.api("POST", "jobs/query", {"operation": "query", "query": text, **more})
        assert answered.status == 200, answered.body
        return f"jobs/query/{answered.body['id']}"


@pytest.fixture
def jobs(api):
    return Jobs(api)


def test_a_job_goes_through_its_states_and_rows_fail_one_by_one(jobs, act, simulator):
    act("bulk", seconds=60)
    path = jobs.run("LastName,Email\nAbara,a@b.example\nBauer,nonsense\n")
    assert jobs.counts(path) == ("InProgress", 0, 0)
    assert jobs.api("GET", f"{path}/failedResults").body[0]["errorCode"] == "INVALIDJOBSTATE"
    simulator.clock.shift += timedelta(seconds=61)
    assert jobs.counts(path) == ("JobComplete", 2, 1)
    (good,) = jobs.rows(path, "successfulResults")
    assert (good["sf__Created"], good["LastName"]) == ("true", "Abara")
    assert jobs.api.read(good["sf__Id"], "Email") == {"Email": "a@b.example"}
    (bad,) = jobs.rows(path, "failedResults")
    assert (
        bad["sf__Error"] == "INVALID_EMAIL_ADDRESS:Email: invalid email address: nonsense:Email --"
    )
    assert jobs.rows(path, "unprocessedrecords") == []


def test_an_empty_cell_changes_nothing_and_a_marked_one_blanks(jobs):
    ada = jobs.api.contact(Title="Countess", Department="Sums", FirstName="Ada")
    jobs.run(f'Id,Title,Department,FirstName\n{ada},,#N/A,"A, ""d""\na"\n', "update")
    held = jobs.api.read(ada, "Title", "Department", "FirstName")
    assert held == {"Title": "Countess", "Department": None, "FirstName": 'A, "d"\na'}


def test_an_upsert_says_which_rows_were_created(keyed):
    jobs = Jobs(keyed)
    keyed.contact(**{KEY: "1"})
    text = f"{KEY},LastName\n1,Abara\n2,Bauer\n3,Chen\n3,Chen\n,Diaz\n"
    path = jobs.run(text, "upsert", externalIdFieldName=KEY)
    assert jobs.counts(path) == ("JobComplete", 5, 3)
    created = [row["sf__Created"] for row in jobs.rows(path, "successfulResults")]
    assert created == ["false", "true"]
    codes = [row["sf__Error"].split(":")[0] for row in jobs.rows(path, "failedResults")]
    assert codes == ["DUPLICATE_VALUE", "DUPLICATE_VALUE", "MISSING_ARGUMENT"]


@pytest.mark.parametrize(("operation", "left"), [("delete", 1), ("hardDelete", 0)])
def test_a_delete_uses_the_bin_and_a_hard_one_does_not(jobs, operation, left):
    ada = jobs.api.contact()
    jobs.run(f"Id\n{ada}\n", operation)
    assert jobs.api.query("SELECT COUNT() FROM Contact")["totalSize"] == 0
    assert jobs.api.query("SELECT COUNT() FROM Contact", "queryAll")["totalSize"] == left


def test_a_parent_is_named_by_its_key(jobs):
    boss = jobs.api.contact(Email="boss@example.example")
    path = jobs.run("LastName;ReportsTo.Email\r\nAbara;boss@example.example\r\n",
                    columnDelimiter="SEMICOLON", lineEnding="CRLF")  # fmt: skip
    answered = jobs.api("GET", f"{path}/successfulResults").body
    assert answered.startswith('"sf__Id";"sf__Created";"LastName";"ReportsTo.Email"\r\n')
    (row,) = jobs.api.query("SELECT ReportsToId FROM Contact WHERE LastName = 'Abara'")["records"]
    assert row["ReportsToId"] == boss


def test_a_column_that_is_not_there_fails_the_job(jobs):
    path = jobs.run("LastName,Nonsense\nAbara,1\n")
    shown = jobs.api("GET", path).body
    assert (shown["state"], shown["numberRecordsProcessed"]) == ("Failed", 0)
    assert shown["errorMessage"] == "InvalidBatch : Field name not found : Nonsense"


def test_a_job_takes_one_file_while_it_is_open(jobs):
    job = jobs.open()
    path = f"jobs/ingest/{job['id']}"
    assert jobs.put(job, "LastName\nAbara\n").status == 201
    assert "Found multiple contents" in jobs.put(job, "LastName\n").body[0]["message"]
    assert jobs.api("DELETE", path).body[0]["errorCode"] == "INVALIDJOBSTATE"
    assert jobs.api("PATCH", path, {"state": "Aborted"}).body["state"] == "Aborted"
    assert jobs.api("PATCH", path, {"state": "UploadComplete"}).status == 400
    assert jobs.put(job, "LastName\n").body[0]["errorCode"] == "INVALIDJOBSTATE"
    listed = jobs.api("GET", "jobs/ingest").body
    assert [one["id"] for one in listed["records"]] == [job["id"]]
    assert jobs.api("DELETE", path).status == 204
    assert jobs.api("GET", path).status == 404


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("ingest", {"operation": "undelete", "object": "Contact"}),
        ("ingest", {"operation": "insert", "object": "Nonsense"}),
        ("ingest", {"operation": "upsert", "object": "Contact", "externalIdFieldName": "Title"}),
        ("ingest", {"operation": "insert", "object": "Contact", "contentType": "XML"}),
        ("ingest", {"operation": "insert", "object": "Contact", "lineEnding": []}),
        ("query", {"operation": "query"}),
        ("query", {"operation": "query", "query": "SELECT COUNT() FROM Contact"}),
        ("query", {"operation": "query", "query": "SELECT Id FROM Contact OFFSET 5"}),
        ("query", {"operation": "query", "query": "SELECT MailingAddress FROM Contact"}),
        ("query", {"operation": "query", "query": "SELECT Nonsense FROM Contact"}),
    ],
)
def test_a_job_that_makes_no_sense_is_refused(api, kind, asked):
    assert api("POST", f"jobs/{kind}", asked).status in (400, 404)


def test_a_query_comes_by_pages(jobs, act):
    account = jobs.api("POST", "sobjects/Account", {"Name": 'Elm "Court"'}).body["id"]
    for name in ("Abara", "Bauer", "Chen"):
        jobs.api.contact(LastName=name, AccountId=account)
    path = jobs.query(
        "SELECT LastName, Account.Name, DoNotCall, Title FROM Contact ORDER BY LastName"
    )
    assert jobs.api("GET", path).body["numberRecordsProcessed"] == 3
    first = jobs.api("GET", f"{path}/results?maxRecords=2")
    assert first.body.splitlines() == [
        '"LastName","Account.Name","DoNotCall","Title"',
        '"Abara","Elm ""Court""","false",""',
        '"Bauer","Elm ""Court""","false",""',
    ]
    assert (first.headers["sforce-numberofrecords"], first.headers["sforce-locator"]) == ("2", "2")
    last = jobs.api("GET", f"{path}/results?locator=2&maxRecords=2")
    assert last.headers["sforce-locator"] == "null"
    assert len(last.body.splitlines()) == 2
    other = jobs.api("GET", f"/services/data/v60.0/{path}/results")
    assert other.status == 409
    for wrong in ("locator=x", "locator=9", "maxRecords=²"):
        assert jobs.api("GET", f"{path}/results?{wrong}").status == 400


def test_the_pages_of_a_result_are_named_five_at_a_time(jobs, act):
    act("bulk", seconds=0, page=2)
    for number in range(13):
        jobs.api.contact(LastName=f"Person {number:02}")
    path = jobs.query("SELECT LastName FROM Contact ORDER BY LastName")
    jobs.api("GET", path)
    first = jobs.api("GET", f"{path}/resultPages").body
    assert (len(first["resultPages"]), first["done"]) == (5, False)
    last = jobs.api("GET", first["nextRecordsUrl"]).body
    assert (len(last["resultPages"]), last["done"], last["nextRecordsUrl"]) == (2, True, None)
    found: list[str] = []
    for page in first["resultPages"] + last["resultPages"]:
        found += jobs.api("GET", page["resultUrl"]).body.splitlines()[1:]
    assert found == [f'"Person {number:02}"' for number in range(13)]
    assert jobs.api("GET", f"/services/data/v60.0/{path}/resultPages").status == 409


def test_an_empty_result_has_one_page(jobs):
    path = jobs.query("SELECT Id FROM Contact")
    jobs.api("GET", path)
    (page,) = jobs.api("GET", f"{path}/resultPages").body["resultPages"]
    assert jobs.api("GET", page["resultUrl"]).body == '"Id"\n'


def test_a_job_assigns_by_the_rule_it_names_and_by_no_other(jobs, act):
    rule = act("assignment-rule", object="Lead", default_owner="Ida Rhodes")["id"]
    text = "LastName,Company\nLovelace,Analytical\n"
    jobs.run(text, name="Lead")
    jobs.run(text, name="Lead", assignmentRuleId=rule[:15])
    owners = jobs.api.query("SELECT Owner.Name FROM Lead ORDER BY Id")["records"]
    assert [row["Owner"]["Name"] for row in owners] == ["crmsync Integration User", "Ida Rhodes"]
    for name, wrong in (("Contact", rule), ("Lead", "x"), ("Lead", 7)):
        asked = {"object": name, "operation": "insert", "assignmentRuleId": wrong}
        assert jobs.api("POST", "jobs/ingest", asked).status == 400


def test_jobs_survive_a_restart(jobs, act):
    api = jobs.api
    done = jobs.run("LastName\nAbara\n")
    assert jobs.counts(done) == ("JobComplete", 1, 0)
    act("bulk", seconds=3600)
    waiting = jobs.run("LastName\nBauer\n")
    found = jobs.query("SELECT LastName FROM Contact ORDER BY LastName")
    api.simulator.restore(json.loads(json.dumps(api.simulator.dump())))
    assert [row["LastName"] for row in jobs.rows(done, "successfulResults")] == ["Abara"]
    assert jobs.counts(waiting) == ("InProgress", 0, 0)
    api.simulator.clock.shift += timedelta(hours=2)
    assert jobs.counts(waiting) == ("JobComplete", 1, 0)
    assert api("GET", f"{found}/results").body.split() == ['"LastName"', '"Abara"', '"Bauer"']


def test_a_query_of_all_finds_what_is_in_the_bin(jobs):
    jobs.api("DELETE", f"sobjects/Contact/{jobs.api.contact()}")
    found = [
        len(jobs.api("GET", f"{path}/results").body.splitlines()) - 1
        for path in (jobs.query("SELECT Id FROM Contact", operation=name)
                     for name in ("query", "queryAll"))
    ]  # fmt: skip
    assert found == [0, 1]


def test_the_official_client_writes_and_reads_by_jobs(client, salesforce_control):
    salesforce_control.call("POST", "actions/bulk", seconds=0)
    people = [{"LastName": "Abara"}, {"LastName": "Bauer", "Email": "nonsense"}]
    (done,) = client.bulk2.Contact.insert(records=people, wait=0.05)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (2, 1)
    assert "INVALID_EMAIL_ADDRESS" in client.bulk2.Contact.get_failed_records(done["job_id"])
    pages = list(client.bulk2.Contact.query("SELECT LastName FROM Contact", wait=0.05))
    assert "".join(pages).split() == ['"LastName"', '"Abara"']
    assert salesforce_control.cost() > 8
