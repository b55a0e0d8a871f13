// node issued.mjs NOW EXTRA.json CREDENTIAL.json...   one JSON line each: what @digitalbazaar/vc says of its proof, in any suite.
// EXTRA maps addresses (contexts, DID documents, keys) to documents. The status is not asked for here.
import fs from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as selective from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { makeLoader } from './loader.mjs';

const [now, extraFile, ...files] = process.argv.slice(2);
const documentLoader = makeLoader(JSON.parse(fs.readFileSync(extraFile)));
const suites = [eddsaRdfc, ecdsaRdfc, ...[eddsaJcs, ecdsaJcs, selective].map((each) => each.createVerifyCryptosuite())];
const suite = suites.map((cryptosuite) => new DataIntegrityProof({ cryptosuite }));

for (const file of files) {
  const result = await vc.verifyCredential({
    credential: JSON.parse(fs.readFileSync(file)), suite, documentLoader,
    now: new Date(now), checkStatus: async () => ({ verified: true }),
  });
  const errors = result.error ? (result.error.errors ?? [result.error]).map((each) => `${each.message} ${each.cause?.message ?? ''}`) : [];
  console.log(JSON.stringify({ file, verified: result.verified, errors }));
}
