// node two_hundred.mjs verify KNOWN.json DOCUMENTS.jsonl
//     One JSON line each: the canonical N-Quads of jsonld.js, what @digitalbazaar/vc says and, where `core` is
//     set, what verifier-core says. A line of DOCUMENTS is { name, unsigned, signed, core, pinned }.
// node two_hundred.mjs issue KNOWN.json UNSIGNED.jsonl
//     One JSON line each: the document signed with @digitalbazaar/vc, by a key that is made here.
// KNOWN holds addresses and documents: `served` are lists and contexts of ours, `pinned` our copies of others'.
import fs from 'node:fs';
import jsonld from 'jsonld';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { makeLoader } from './loader.mjs';

const [task, knownFile, documentsFile] = process.argv.slice(2);
const known = JSON.parse(fs.readFileSync(knownFile));
const documents = fs.readFileSync(documentsFile, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const loaders = { ours: makeLoader({ ...known.pinned, ...known.served }), theirs: makeLoader(known.served) };
const now = new Date('2026-06-01T00:00:00Z');
const suite = [eddsaRdfc, ecdsaRdfc, eddsaJcs.createVerifyCryptosuite(), ecdsaJcs.createVerifyCryptosuite()]
  .map((cryptosuite) => new DataIntegrityProof({ cryptosuite }));
const flat = (error) => [error, ...(error.errors ?? []).flatMap(flat), ...(error.cause ? [error.cause] : [])];
const messages = (error) => (error ? flat(error).map((each) => each.message) : []);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// What verifier-core asks for is answered from memory; nothing leaves the machine.
globalThis.fetch = async (request) => {
  const url = request.url ?? String(request);
  const document = known.served[url];
  if (!document) throw new TypeError(`refused to leave the machine: ${url}`);
  return new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } });
};

async function canonical({ unsigned, pinned }) {
  try {
    return await jsonld.canonize(unsigned, {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, base: null,
      documentLoader: pinned ? loaders.ours : loaders.theirs,
    });
  } catch (error) {
    return `${error.message} ${JSON.stringify(error.details ?? {}).slice(0, 500)}`;
  }
}

async function judged({ signed }) {
  const options = { credential: signed, suite, documentLoader: loaders.theirs, now };
  if (signed.credentialStatus) options.checkStatus = checkStatus;
  const result = await vc.verifyCredential(options);
  const set = (result.statusResult?.results ?? []).filter((each) => each.status === true).length;
  return { verified: result.verified, set, errors: messages(result.error) };
}

async function judgedByCore({ signed }, verifyCredential) {
  const result = await verifyCredential({ credential: signed, knownDIDRegistries: [] });
  const log = Object.fromEntries((result.log ?? []).map((step) => [step.id, step.valid]));
  return { errors: messages(result.error).concat((result.errors ?? []).flatMap(messages)), log };
}

async function verifyAll() {
  const { verifyCredential } = await import('@digitalcredentials/verifier-core');
  for (const document of documents) {
    const answer = { name: document.name, quads: await canonical(document) };
    if (document.signed) answer.vc = await judged(document);
    if (document.core) answer.core = await judgedByCore(document, verifyCredential);
    say(answer);
  }
}

async function issueAll() {
  const keys = [await Ed25519Multikey.generate(), ...await Promise.all(
    ['P-256', 'P-384'].map((curve) => EcdsaMultikey.generate({ curve })),
  )];
  for (const [at, { name, unsigned }] of documents.entries()) {
    const key = keys[at % 3];
    const id = `did:key:${await key.export({ publicKey: true }).then((one) => one.publicKeyMultibase)}`;
    Object.assign(key, { controller: id, id: `${id}#${id.slice(8)}` });
    unsigned.issuer = typeof unsigned.issuer === 'string' ? id : { ...unsigned.issuer, id };
    const signing = new DataIntegrityProof({ signer: key.signer(), cryptosuite: at % 3 ? ecdsaRdfc : eddsaRdfc });
    const documentLoader = loaders.theirs;
    try {
      say({ name, signed: await vc.issue({ credential: unsigned, suite: signing, documentLoader, now }) });
    } catch (error) {
      say({ name, errors: messages(error) });
    }
  }
}

await (task === 'issue' ? issueAll() : verifyAll());
