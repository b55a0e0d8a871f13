// node trust_list.mjs LIST...   one JSON line each: what @digitalbazaar/data-integrity says of a trust list's proof.
import fs from 'node:fs';
import jsigs from 'jsonld-signatures';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { makeLoader } from './loader.mjs';

const { purposes: { AssertionProofPurpose } } = jsigs;
for (const file of process.argv.slice(2)) {
  const suite = new DataIntegrityProof({ cryptosuite: eddsaJcs.createVerifyCryptosuite() });
  const result = await jsigs.verify(JSON.parse(fs.readFileSync(file)), {
    suite, purpose: new AssertionProofPurpose(), documentLoader: makeLoader(),
  });
  const errors = result.error ? (result.error.errors ?? [result.error]).map((each) => each.message) : [];
  console.log(JSON.stringify({ verified: result.verified, errors }));
}
