// A peer that stays warm: @digitalbazaar/vc signs or verifies the same credential as often as it is asked.
// Run as `node --input-type=module --eval TEXT` in tests/interop, whose node_modules it uses.
// First line of stdin: {contexts, unsigned, secured, now}; then {"what", "times"} each, answered by one line.
import readline from 'node:readline';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { makeLoader } from './loader.mjs';

const key = await Ed25519Multikey.generate();
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => { const { value, done } = await lines.next(); return done ? null : JSON.parse(value); };
const { contexts, unsigned, secured, now } = await read();
const documentLoader = makeLoader(contexts);

const work = {
  sign: () => vc.issue({
    credential: structuredClone(unsigned), documentLoader,
    suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }),
  }),
  // The status list is left out: its check stands in for one that costs nothing.
  verify: async () => {
    const result = await vc.verifyCredential({
      credential: structuredClone(secured), documentLoader, now: new Date(now),
      suite: new DataIntegrityProof({ cryptosuite }), checkStatus: async () => ({ verified: true }),
    });
    if (!result.verified) throw new Error(`the peer does not accept our credential: ${result.error}`);
  },
};

for (let asked = await read(); asked; asked = await read()) {
  const before = process.cpuUsage();
  for (let n = 0; n < asked.times; n++) await work[asked.what]();
  const used = process.cpuUsage(before);
  console.log(JSON.stringify({ microseconds: used.user + used.system }));
}
process.exit(0);
