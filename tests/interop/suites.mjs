// node suites.mjs issue OUT              issues one badge in each cryptosuite: OUT/SUITE-KEY.json.
// node suites.mjs verify CREDENTIAL...   one JSON line each: what @digitalbazaar/vc says of it in any of them.
import fs from 'node:fs';
import path from 'node:path';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { makeLoader } from './loader.mjs';

const [task, ...rest] = process.argv.slice(2);
const documentLoader = makeLoader();
const both = (suite) => ({ sign: suite, verify: suite });
const parts = (suite) => ({ sign: suite.createSignCryptosuite(), verify: suite.createVerifyCryptosuite() });
const suites = {
  'eddsa-rdfc-2022': both(eddsaRdfc), 'eddsa-jcs-2022': parts(eddsaJcs),
  'ecdsa-rdfc-2019': both(ecdsaRdfc), 'ecdsa-jcs-2019': parts(ecdsaJcs),
};

const badge = (issuer) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:10a6e3b1-3b36-4a64-8a39-5a4be1c86b01', type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Chứng nhận kỹ năng số', validFrom: '2026-01-15T08:00:00Z',
  issuer: { id: issuer, type: ['Profile'], name: 'Trường Thử Nghiệm' },
  credentialSubject: {
    id: 'urn:uuid:4d0d52a3-6a0f-4f3f-9a36-0f29cf2b1d10', type: ['AchievementSubject'], creditsEarned: 2.5,
    achievement: {
      id: 'https://badges.other.example/a/1', type: ['Achievement'], name: 'ໃບຢັ້ງຢືນ',
      description: 'Čeština, hrvatski, \u{1F393}.', criteria: { narrative: 'Passed\nthe "examination".' },
    },
  },
});

async function issue(out) {
  for (const [name, { sign }] of Object.entries(suites)) {
    for (const curve of name.startsWith('eddsa') ? ['Ed25519'] : ['P-256', 'P-384']) {
      const key = curve === 'Ed25519' ? await Ed25519Multikey.generate() : await EcdsaMultikey.generate({ curve });
      key.controller = `did:key:${key.publicKeyMultibase}`;
      key.id = `${key.controller}#${key.publicKeyMultibase}`;
      const suite = new DataIntegrityProof({ signer: key.signer(), cryptosuite: sign });
      const credential = await vc.issue({ credential: badge(key.controller), suite, documentLoader });
      fs.writeFileSync(path.join(out, `${name}-${curve}.json`), JSON.stringify(credential));
    }
  }
}

async function verify(files) {
  const suite = Object.values(suites).map((each) => new DataIntegrityProof({ cryptosuite: each.verify }));
  for (const file of files) {
    const result = await vc.verifyCredential({ credential: JSON.parse(fs.readFileSync(file)), suite, documentLoader });
    const errors = result.error ? (result.error.errors ?? [result.error]).map((each) => each.message) : [];
    console.log(JSON.stringify({ file, verified: result.verified, errors }));
  }
}

await (task === 'issue' ? issue(rest[0]) : verify(rest));
