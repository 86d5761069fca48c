// HubSpot's JavaScript client, which is another one than the engine's, drives the simulator.
import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';
import {Client} from '@hubspot/api-client';

const URL = process.env.SIMULATOR_URL;

async function control(method, path, body) {
  const answer = await fetch(`${URL}/__simulator__/${path}`, {
    method,
    headers: {'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

let hubspot;
beforeEach(async () => {
  await control('POST', 'reset', {});
  await control('POST', 'actions/index-lag', {seconds: 0});
  await control('POST', 'actions/list-lag', {seconds: 0});
  const {access_token} = await control('POST', 'token', {});
  hubspot = new Client({accessToken: access_token, basePath: URL});
});

const contact = async (properties) =>
  (await hubspot.crm.contacts.basicApi.create({properties, associations: []})).id;
const group = (propertyName, operator, value) => ({filters: [{propertyName, operator, value}]});

test('it creates, reads, updates, merges, archives', async () => {
  const api = hubspot.crm.contacts.basicApi;
  const ana = await contact({email: 'Ana@a.example', city: 'Ghent'});
  assert.equal((await api.getById(ana)).properties.email, 'ana@a.example');
  await api.update(ana, {properties: {city: 'Turin'}});
  const read = await api.getById('ana@a.example', ['city'], ['city'], undefined, false, 'email');
  assert.equal(read.properties.city, 'Turin');
  assert.deepEqual(read.propertiesWithHistory.city.map((one) => one.value), ['Turin', 'Ghent']);
  const merged = await api.merge({primaryObjectId: ana, objectIdToMerge: await contact({lastname: 'B', city: 'Rome'})});
  assert.equal(merged.properties.city, 'Turin');
  await api.archive(merged.id);
  assert.deepEqual(await hubspot.crm.contacts.getAll(), []);
  assert.equal((await api.getPage(10, undefined, undefined, undefined, undefined, true)).results.length, 1);
});

test('it writes and reads in batches', async () => {
  const {batchApi} = hubspot.crm.contacts;
  const rows = Array.from({length: 100}, (_, n) => ({properties: {email: `l${n}@a.example`}, associations: []}));
  const made = await batchApi.create({inputs: rows});
  assert.equal(made.results.length, 100);
  await contact({lastname: 'Hopper'});
  assert.equal((await hubspot.crm.contacts.getAll()).length, 101); // two pages
  const one = {id: 'l1@a.example', idProperty: 'email', properties: {city: 'Turin'}};
  const upserted = await batchApi.upsert({inputs: [one, {...one, id: 'new@a.example'}]});
  assert.deepEqual(upserted.results.map((row) => row._new).sort(), [false, true]);
  const asked = {inputs: [{id: made.results[1].id}, {id: '7'}], properties: ['city'], propertiesWithHistory: []};
  const read = await batchApi.read(asked);
  assert.deepEqual([read.results.length, read.numErrors], [1, 1]);
  await batchApi.archive({inputs: made.results.map(({id}) => ({id}))});
  assert.equal((await hubspot.crm.contacts.getAll()).length, 2);
});

test('it searches', async () => {
  for (const city of ['Ghent', 'Turin', 'Turin']) await contact({city, lastname: 'Hopper'});
  const asked = {
    filterGroups: [group('city', 'EQ', 'Turin')], properties: ['city'], limit: 1,
    sorts: ['createdate'], after: undefined,
  };
  const first = await hubspot.crm.contacts.searchApi.doSearch(asked);
  assert.deepEqual([first.total, first.results.length], [2, 1]);
  const rest = await hubspot.crm.contacts.searchApi.doSearch({...asked, after: first.paging.next.after});
  assert.equal(rest.results.length, 1);
});

test('it associates, keeps lists, and reads owners, pipelines and properties', async () => {
  const ana = await contact({email: 'ana@a.example'});
  const company = await hubspot.crm.companies.basicApi.create({properties: {name: 'Engines'}, associations: []});
  const v4 = hubspot.crm.associations.v4;
  await v4.basicApi.createDefault('contacts', ana, 'companies', company.id);
  const linked = await v4.basicApi.getPage('companies', company.id, 'contacts');
  assert.deepEqual(linked.results.map((row) => String(row.toObjectId)), [ana]);
  const {listsApi, membershipsApi} = hubspot.crm.lists;
  const {list} = await listsApi.create({name: 'Ours', objectTypeId: '0-1', processingType: 'MANUAL'});
  assert.deepEqual((await membershipsApi.add(list.listId, [ana])).recordsIdsAdded, [ana]);
  assert.equal((await membershipsApi.getPage(list.listId)).results[0].recordId, ana);
  assert.equal((await hubspot.crm.owners.ownersApi.getPage()).results[0].email, 'ida@babbage.example');
  const stages = (await hubspot.crm.pipelines.pipelinesApi.getAll('tickets')).results[0].stages;
  assert.equal(stages[0].label, 'New');
  const sfId = {
    name: 'sf_id', label: 'Salesforce id', type: 'string', fieldType: 'text',
    groupName: 'contactinformation', hasUniqueValue: true,
  };
  assert.ok((await hubspot.crm.properties.coreApi.create('contacts', sfId)).hasUniqueValue);
});

test('refusals have their status, and a call too many is made again', async () => {
  await contact({email: 'ana@a.example'});
  const status = (code) => (error) => error.code === code;
  await assert.rejects(contact({email: 'ana@a.example'}), status(409));
  await assert.rejects(contact({email: 'nonsense'}), status(400));
  await assert.rejects(hubspot.crm.contacts.basicApi.getById('7'), status(404));
  const stranger = new Client({accessToken: 'pat-eu1-nobody', basePath: URL});
  await assert.rejects(stranger.crm.contacts.basicApi.getPage(), status(401));
  const {access_token} = await control('POST', 'token', {});
  const patient = new Client({accessToken: access_token, basePath: URL, numberOfApiCallRetries: 3});
  await control('POST', 'faults', {status: 502, body: 'busy', times: 1});
  assert.equal((await patient.crm.contacts.basicApi.getPage()).results.length, 1);
});
