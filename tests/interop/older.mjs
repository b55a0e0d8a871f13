// node older.mjs EXTRA.json OUT   issues with implementations not ours: old.json (a badge of VCDM 1.1 with Ed25519Signature2020),
// old-integrity.json (the same with eddsa-rdfc-2022), and presentation.json (a signed presentation of a badge of VCDM 2.0).
import fs from 'node:fs';
import path from 'node:path';
import * as vc from '@digitalbazaar/vc';
import * as oldVc from '@digitalcredentials/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { Ed25519Signature2020 } from '@digitalcredentials/ed25519-signature-2020';
import { Ed25519VerificationKey2020 } from '@digitalcredentials/ed25519-verification-key-2020';
import { makeLoader } from './loader.mjs';

const [extraFile, out] = process.argv.slice(2);
const documentLoader = makeLoader(JSON.parse(fs.readFileSync(extraFile)));
const key = await Ed25519Multikey.generate();
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const write = (name, document) => fs.writeFileSync(path.join(out, `${name}.json`), JSON.stringify(document));

const badge = (issuer) => ({
  id: 'urn:uuid:10a6e3b1-3b36-4a64-8a39-5a4be1c86b02', type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Chứng nhận kỹ năng số', issuer: { id: issuer, type: ['Profile'], name: 'Trường Thử Nghiệm' },
  credentialSubject: {
    id: 'urn:uuid:4d0d52a3-6a0f-4f3f-9a36-0f29cf2b1d10', type: ['AchievementSubject'],
    achievement: {
      id: 'https://badges.other.example/a/1', type: ['Achievement'], name: 'ໃບຢັ້ງຢືນ',
      description: 'Čeština, hrvatski.', criteria: { narrative: 'Passed the examination.' },
    },
  },
});
const open = 'https://purl.imsglobal.org/spec/ob/v3p0/';
const first = 'https://www.w3.org/2018/credentials/v1';

const oldKey = await Ed25519VerificationKey2020.generate();
oldKey.controller = `did:key:${oldKey.fingerprint()}`;
oldKey.id = `${oldKey.controller}#${oldKey.fingerprint()}`;
write('old', await oldVc.issue({
  credential: {
    '@context': [first, `${open}context-3.0.1.json`, 'https://w3id.org/security/suites/ed25519-2020/v1'],
    ...badge(oldKey.controller), issuanceDate: '2022-01-15T08:00:00Z', expirationDate: '2027-01-15T08:00:00Z',
  },
  suite: new Ed25519Signature2020({ key: oldKey }), documentLoader,
}));

const suite = () => new DataIntegrityProof({ signer: key.signer(), cryptosuite });
write('old-integrity', await vc.issue({
  credential: {
    '@context': [first, `${open}context-3.0.2.json`, 'https://w3id.org/security/data-integrity/v2'],
    ...badge(key.controller), issuanceDate: '2022-01-15T08:00:00Z',
  },
  suite: suite(), documentLoader,
}));

const newer = await vc.issue({
  credential: {
    '@context': ['https://www.w3.org/ns/credentials/v2', `${open}context-3.0.3.json`],
    ...badge(key.controller), validFrom: '2026-01-15T08:00:00Z',
  },
  suite: suite(), documentLoader,
});
const presentation = vc.createPresentation({ verifiableCredential: [newer, newer], holder: key.controller });
write('presentation', await vc.signPresentation({
  presentation, suite: suite(), challenge: 'c-1', domain: 'check.example', documentLoader,
}));
