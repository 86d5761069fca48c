// jsforce, written by strangers in another language, drives the Salesforce simulator.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {beforeEach, test} from 'node:test';
import jsforce from 'jsforce';

const URL = process.env.SIMULATOR_URL;
const BACK = 'http://127.0.0.1:9/callback';
const APP = {clientId: 'crmsync-demo', clientSecret: 'crmsync-demo-secret', redirectUri: BACK};

async function control(method, path, body) {
  const answer = await fetch(`${URL}/__simulator__/${path}`, {
    method,
    headers: {'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

let org;
beforeEach(async () => {
  await control('POST', 'reset', {});
  const {access_token} = await control('POST', 'token', {});
  org = new jsforce.Connection({instanceUrl: URL, accessToken: access_token, version: '66.0'});
});

test('it logs in with a code, says who it is, and renews the token', async () => {
  const oauth2 = new jsforce.OAuth2({loginUrl: URL, ...APP});
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = {
    client_id: APP.clientId, redirect_uri: BACK, response_type: 'code', state: 's',
    code_challenge: challenge, code_challenge_method: 'S256', decision: 'allow',
  };
  const allowed = await fetch(`${URL}/services/oauth2/authorize`, {
    method: 'POST', body: new URLSearchParams(asked), redirect: 'manual',
  });
  const code = new globalThis.URL(allowed.headers.get('location')).searchParams.get('code');
  const conn = new jsforce.Connection({oauth2, version: '66.0'});
  const user = await conn.authorize(code, {code_verifier: verifier});
  assert.match(user.organizationId, /^00D/);
  assert.equal((await conn.identity()).user_id, user.id);
  const renewed = await oauth2.refreshToken(conn.refreshToken);
  assert.notEqual(renewed.access_token, undefined);
  await control('POST', 'actions/expire-sessions', {});
  await conn.query('SELECT Id FROM Contact'); // it renews by itself
  await conn.logout(true);
});

test('it creates, reads, updates, upserts and deletes, one and many', async () => {
  const contacts = org.sobject('Contact');
  const one = await contacts.create({LastName: 'Lovelace', Email: 'Ada@a.example'});
  assert.equal((await contacts.retrieve(one.id)).Email, 'ada@a.example');
  const rows = Array.from({length: 250}, (_, n) => ({LastName: `L${n}`}));
  const many = await contacts.create(rows, {allowRecursive: true});
  assert.equal(many.filter((row) => row.success).length, 250);
  const ids = many.slice(0, 3).map((row) => row.id);
  const updated = await contacts.update(ids.map((Id) => ({Id, Title: 'Countess'})));
  assert.ok(updated.every((row) => row.success));
  const read = await contacts.retrieve(ids);
  assert.deepEqual(read.map((row) => row.Title), ['Countess', 'Countess', 'Countess']);
  const upserts = [{LastName: 'B', Email: 'ada@a.example'}, {LastName: 'C', Email: 'bo@a.example'}];
  const upserted = await contacts.upsert(upserts, 'Email');
  assert.deepEqual(upserted.map((row) => row.created), [false, true]);
  const gone = await contacts.destroy([...ids, '003000000000009AAA']);
  assert.deepEqual(gone.map((row) => row.success), [true, true, true, false]);
});

test('it queries page by page, by a builder, and counts what is used', async () => {
  await control('POST', 'load', {object: 'Contact', count: 2500, seed: 1});
  const page = await org.query('SELECT Id, LastName FROM Contact ORDER BY Id');
  assert.deepEqual([page.records.length, page.done], [2000, false]);
  assert.equal((await org.queryMore(page.nextRecordsUrl)).records.length, 500);
  const found = page.records.map((row) => row.Id);
  const all = await org.query('SELECT Id FROM Contact', {autoFetch: true, maxFetch: 5000});
  assert.equal(all.records.length, 2500);
  const built = await org.sobject('Contact')
    .find({Id: {$in: found.slice(0, 5)}}, ['Id', 'Account.Name']).sort({Id: -1}).limit(3).execute();
  assert.equal(built.length, 3);
  assert.equal(await org.sobject('Contact').count(), 2500);
  assert.ok(org.limitInfo.apiUsage.used > 0);
});

test('it describes, and asks for limits and what changed', async () => {
  const names = (await org.describeGlobal()).sobjects.map((sobject) => sobject.name);
  assert.ok(['Account', 'Contact', 'Lead'].every((name) => names.includes(name)));
  const fields = (await org.sobject('Contact').describe()).fields;
  assert.equal(fields.find((field) => field.name === 'Email').type, 'email');
  assert.equal((await org.limits()).DailyApiRequests.Max, 100000);
  const {id} = await org.sobject('Contact').create({LastName: 'Lovelace'});
  const other = await org.sobject('Contact').create({LastName: 'Byron'});
  await org.sobject('Contact').destroy(other.id);
  await control('POST', 'clock', {shift_seconds: 120});
  const [start, end] = [-300, 240].map((at) => new Date(Date.now() + at * 1000).toISOString());
  assert.deepEqual((await org.sobject('Contact').updated(start, end)).ids, [id]);
  const {deletedRecords} = await org.sobject('Contact').deleted(start, end);
  assert.deepEqual(deletedRecords.map((row) => row.id), [other.id]);
});

test('its jobs load and read', async () => {
  await control('POST', 'actions/bulk', {seconds: 0});
  Object.assign(org.bulk2, {pollInterval: 50, pollTimeout: 5000});
  const input = [{LastName: 'Abara', Email: ''}, {LastName: 'Bauer', Email: 'nonsense'}];
  const done = await org.bulk2.loadAndWaitForResults({object: 'Contact', operation: 'insert', input});
  assert.equal(done.successfulResults.length, 1);
  assert.match(done.failedResults[0].sf__Error, /INVALID_EMAIL_ADDRESS/);
  assert.deepEqual(done.unprocessedRecords, []);
  const rows = [];
  const stream = await org.bulk2.query('SELECT LastName FROM Contact');
  await new Promise((resolve, reject) => {
    stream.on('record', (row) => rows.push(row)).on('end', resolve).on('error', reject);
  });
  assert.deepEqual(rows.map((row) => row.LastName), ['Abara']);
});

test('one call carries many that name each other', async () => {
  const base = '/services/data/v66.0';
  const compositeRequest = [
    {method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: {Name: 'Acme'}},
    {method: 'GET', url: `${base}/sobjects/Account/@{a.id}?fields=Name`, referenceId: 'b'},
  ];
  const {compositeResponse} = await org.requestPost('/composite', {allOrNone: true, compositeRequest});
  assert.deepEqual(compositeResponse.map((part) => part.httpStatusCode), [201, 200]);
  assert.equal(compositeResponse[1].body.Name, 'Acme');
});

test('refusals have their codes', async () => {
  const contacts = org.sobject('Contact');
  const code = (errorCode) => (error) => error.errorCode === errorCode;
  await assert.rejects(contacts.create({}), code('REQUIRED_FIELD_MISSING'));
  await assert.rejects(contacts.create({LastName: 'L', Email: 'x'}), code('INVALID_EMAIL_ADDRESS'));
  await assert.rejects(contacts.retrieve('003000000000009AAA'), code('NOT_FOUND'));
  await assert.rejects(org.query('SELECT Nonsense FROM Contact'), code('INVALID_FIELD'));
  await assert.rejects(org.query('SELECT FROM'), code('MALFORMED_QUERY'));
  await control('POST', 'faults', {status: 503, body: 'busy', times: 1});
  assert.equal((await org.query('SELECT Id FROM Contact')).totalSize, 0); // it tries again
  await control('POST', 'actions/expire-sessions', {});
  await assert.rejects(org.query('SELECT Id FROM Contact'), code('INVALID_SESSION_ID'));
});
