// node issue.mjs OUT LIST_URL   issues badges with @digitalbazaar/vc: good.json, no-status.json, revoked.json, and list.json.
import fs from 'node:fs';
import path from 'node:path';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { createCredential, createList } from '@digitalbazaar/vc-bitstring-status-list';
import { makeLoader } from './loader.mjs';

const [out, listUrl] = process.argv.slice(2);
const key = await Ed25519Multikey.generate();
key.controller = `did:key:${key.publicKeyMultibase}`;
key.id = `${key.controller}#${key.publicKeyMultibase}`;
const sign = (credential) => vc.issue({
  credential, suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }), documentLoader: makeLoader(),
});
const write = (name, document) => fs.writeFileSync(path.join(out, `${name}.json`), JSON.stringify(document));

const badge = (id, extra = {}) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id, type: ['VerifiableCredential', 'OpenBadgeCredential'], name: 'Chứng nhận kỹ năng số',
  validFrom: '2026-01-15T08:00:00Z',
  issuer: { id: key.controller, type: ['Profile'], name: 'Trường Thử Nghiệm', url: 'https://badges.other.example' },
  credentialSubject: {
    id: 'urn:uuid:4d0d52a3-6a0f-4f3f-9a36-0f29cf2b1d10', type: ['AchievementSubject'], creditsEarned: 2.5,
    achievement: {
      id: 'https://badges.other.example/a/1', type: ['Achievement'], name: 'ໃບຢັ້ງຢືນ',
      description: 'Čeština, hrvatski, italiano, français.', criteria: { narrative: 'Passed the examination.' },
      image: { id: 'https://badges.other.example/a/1.png', type: 'Image' },
    },
  },
  ...extra,
});
const status = (index) => ({
  credentialStatus: {
    id: `${listUrl}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
    statusListIndex: String(index), statusListCredential: listUrl,
  },
});

write('no-status', await sign(badge('urn:uuid:10a6e3b1-3b36-4a64-8a39-5a4be1c86b01')));
write('good', await sign(badge('urn:uuid:10a6e3b1-3b36-4a64-8a39-5a4be1c86b02', status(5))));
write('revoked', await sign(badge('urn:uuid:10a6e3b1-3b36-4a64-8a39-5a4be1c86b03', status(9))));
const list = await createList({ length: 131072 });
list.setStatus(9, true);
const credential = await createCredential({ id: listUrl, list, statusPurpose: 'revocation' });
credential.issuer = key.controller;
credential.validFrom = '2026-01-15T08:00:00Z';
write('list', await sign(credential));
