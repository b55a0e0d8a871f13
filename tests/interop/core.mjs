// node core.mjs CREDENTIAL.json...   one JSON line each: what @digitalcredentials/verifier-core says of it.
// Its loader is fixed: status lists and our context must be served on loopback while it runs.
import fs from 'node:fs';

// Nothing leaves the machine: the schema check that it tries elsewhere finds nobody home, as it would offline.
const realFetch = globalThis.fetch;
globalThis.fetch = (request, init) => {
  const { hostname } = new URL(request.url ?? request);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') throw new TypeError(`refused to leave the machine: ${hostname}`);
  return realFetch(request, init);
};
const { verifyCredential } = await import('@digitalcredentials/verifier-core');

for (const file of process.argv.slice(2)) {
  const credential = JSON.parse(fs.readFileSync(file));
  const result = await verifyCredential({ credential, knownDIDRegistries: [] });
  const log = Object.fromEntries((result.log ?? []).map((step) => [step.id, step.valid]));
  console.log(JSON.stringify({ file, errors: (result.errors ?? []).map((each) => `${each.name}: ${each.message}`), log }));
}
