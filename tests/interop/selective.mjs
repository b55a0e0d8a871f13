// Sign, derive and verify `ecdsa-sd-2023` with @digitalbazaar/ecdsa-sd-2023-cryptosuite.
// Reads a file of tasks, one JSON object a line, and answers each with one line.
import { readFileSync } from 'node:fs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as selective from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import jsigs from 'jsonld-signatures';

const [contextsFile, tasksFile] = process.argv.slice(2);
const contexts = JSON.parse(readFileSync(contextsFile, 'utf8'));
const purpose = new jsigs.purposes.AssertionProofPurpose();

async function documentLoader(url) {
  if (contexts[url]) return { contextUrl: null, documentUrl: url, document: contexts[url] };
  if (!url.startsWith('did:key:zDna')) throw new Error(`refused to load ${url}`);
  const did = url.split('#')[0];
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  const method = { id, type: 'Multikey', controller: did, publicKeyMultibase };
  const controller = { '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: did, verificationMethod: [method], assertionMethod: [id] };
  const document = url.includes('#') ? { '@context': 'https://w3id.org/security/multikey/v1', ...method } : controller;
  return { contextUrl: null, documentUrl: url, document };
}

const doing = {
  async sign({ document, key, mandatoryPointers, created }) {
    const pair = await EcdsaMultikey.from({ '@context': 'https://w3id.org/security/multikey/v1', type: 'Multikey', ...key });
    const suite = new DataIntegrityProof({ signer: pair.signer(), date: created, cryptosuite: selective.createSignCryptosuite({ mandatoryPointers }) });
    return jsigs.sign(document, { suite, purpose, documentLoader });
  },
  async derive({ document, selectivePointers }) {
    const suite = new DataIntegrityProof({ cryptosuite: selective.createDiscloseCryptosuite({ selectivePointers }) });
    return jsigs.derive(document, { suite, purpose, documentLoader });
  },
  async verify({ document }) {
    const suite = new DataIntegrityProof({ cryptosuite: selective.createVerifyCryptosuite() });
    const result = await jsigs.verify(document, { suite, purpose, documentLoader });
    return { verified: result.verified, errors: (result.error?.errors ?? []).map((each) => `${each.message} ${each.cause?.message ?? ''}`) };
  },
};

for (const line of readFileSync(tasksFile, 'utf8').split('\n').filter(Boolean)) {
  const task = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await doing[task.do](task) }));
  } catch (error) {
    console.log(JSON.stringify({ error: `${error.message} ${error.cause?.message ?? ''}` }));
  }
}
