// node vc_api.mjs BASE_URL   plays a test suite with @digitalbazaar/vc against the VC-API at BASE_URL.
// One JSON line for each request: what was asked for, the status that came, the statuses that may come.
import fs from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { makeLoader } from './loader.mjs';

const [base, pinned] = process.argv.slice(2);
const V1 = 'https://www.w3.org/2018/credentials/v1', V2 = 'https://www.w3.org/ns/credentials/v2';
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2', DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2';
const read = (name) => JSON.parse(fs.readFileSync(`${pinned}/${name}`));
const documentLoader = makeLoader({ [EXAMPLES]: read('credentials-examples-v2.json'), [DATA_INTEGRITY]: read('data-integrity-v2.json') });
const NO = [400, 422];

async function post(path, body) {
  const response = await fetch(base + path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  return { status: response.status, data: await response.json() };
}

function told(name, got, wanted) {
  console.log(JSON.stringify({ name, got, wanted }));
}

const key = await Ed25519Multikey.generate();
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const suite = (cryptosuite = eddsaRdfc) => new DataIntegrityProof({ signer: key.signer(), cryptosuite });
const term = { alumniOf: 'https://schema.org/alumniOf' };
const credential = (contexts, more = {}) => ({
  '@context': contexts, type: ['VerifiableCredential'], issuer: key.controller,
  credentialSubject: { id: 'did:example:subject', alumniOf: 'Trường Đại học' }, ...more,
});
const documents = {
  'the context of examples': credential([V2, EXAMPLES]),
  'a context inside': credential([V2, term]),
  'the older data model': credential([V1, term], { id: 'urn:uuid:1', issuanceDate: '2020-01-01T00:00:00Z' }),
  'a name in languages': credential([V2, EXAMPLES], { name: [{ '@value': 'Degree', '@language': 'en' }, { '@value': 'Bằng', '@language': 'vi' }] }),
};
const verify = (verifiableCredential, options = { checks: ['proof'] }) => post('/credentials/verify', { verifiableCredential, options });

// what they sign, we verify; changed, we do not
for (const [name, document] of Object.entries(documents)) {
  const secured = await vc.issue({ credential: structuredClone(document), suite: suite(), documentLoader });
  told(`theirs, ${name}`, (await verify(secured)).status, [200]);
  secured.credentialSubject.alumniOf = 'Another';
  told(`theirs, ${name}, changed`, (await verify(secured)).status, NO);
}
const secured = await vc.issue({ credential: structuredClone(documents['the context of examples']), suite: suite(), documentLoader });

// presentations, as the data model suite makes them
for (const options of [{ challenge: 'abc', domain: 'domain.example' }, { challenge: 'abc' }]) {
  const presentation = vc.createPresentation({ verifiableCredential: [structuredClone(secured)], holder: key.controller });
  const signed = await vc.signPresentation({ presentation, suite: suite(), documentLoader, ...options });
  const shown = (asked) => post('/presentations/verify', { verifiablePresentation: signed, options: asked });
  told('their presentation', (await shown(options)).status, [200]);
  told('their presentation, nothing asked', (await shown({ checks: [] })).status, [200]);
  told('their presentation, another challenge', (await shown({ ...options, challenge: 'def' })).status, NO);
  told('their presentation as a credential', (await verify(signed)).status, NO);
  signed.verifiableCredential[0].credentialSubject.alumniOf = 'Another';
  told('their presentation, changed inside', (await shown(options)).status, NO);
}

// what we issue, they verify; and our derived part
const dids = await (await fetch(`${base}/vc-api`)).json();
const parts = (one) => one.createVerifyCryptosuite();
const theirs = {
  'eddsa-rdfc-2022': [dids.ed25519, eddsaRdfc], 'eddsa-jcs-2022': [dids.ed25519, parts(eddsaJcs)],
  'ecdsa-rdfc-2019-p256': [dids.p256, ecdsaRdfc], 'ecdsa-rdfc-2019-p384': [dids.p384, ecdsaRdfc],
  'ecdsa-sd-2023': [dids.p256, parts(ecdsaSd)],
};
for (const [name, [issuer, cryptosuite]] of Object.entries(theirs)) {
  for (const [kind, document] of Object.entries(documents)) {
    // ours does not select from contexts inside; theirs compares those of a JCS proof by identity, so none fits
    if (['ecdsa-sd-2023', 'eddsa-jcs-2022'].includes(name) && document['@context'].includes(term)) continue;
    const asked = { ...structuredClone(document), issuer };
    const options = name === 'ecdsa-sd-2023' ? { mandatoryPointers: ['/issuer', '/type'] } : {};
    let issued = await post(`/vc-api/${name}/credentials/issue`, { credential: asked, options });
    told(`ours by ${name}, ${kind}`, issued.status, [201]);
    if (name === 'ecdsa-sd-2023') {
      issued = await post('/credentials/derive', { verifiableCredential: issued.data, options: { selectivePointers: ['/credentialSubject'] } });
      told(`ours by ${name}, ${kind}, derived`, issued.status, [201]);
    }
    const check = new DataIntegrityProof({ cryptosuite });
    const result = await vc.verifyCredential({ credential: issued.data, suite: check, documentLoader });
    told(`ours by ${name}, ${kind}, to them ${result.verified ? '' : JSON.stringify(result.error)}`, result.verified, [true]);
  }
}
