// node verify.mjs EXTRA.json CREDENTIAL.json...   one JSON line each: what @digitalbazaar/vc says of it.
// EXTRA maps addresses (contexts, status lists) to documents; a credential with a status is checked against them.
import fs from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { makeLoader } from './loader.mjs';

const [extraFile, ...files] = process.argv.slice(2);
const documentLoader = makeLoader(JSON.parse(fs.readFileSync(extraFile)));
const suite = new DataIntegrityProof({ cryptosuite });

// `verified` of the status check only says that the list is genuine: each entry's bit stands in results[].status.
const statusOf = (options) => checkStatus({ ...options, verifyBitstringStatusListCredential: true });

function messages(error) {
  return error && (error.errors ?? [error]).map((each) => each.message + (each.cause ? `: ${each.cause.message}` : ''));
}

for (const file of files) {
  const credential = JSON.parse(fs.readFileSync(file));
  const options = { credential, suite, documentLoader };
  if (credential.credentialStatus) options.checkStatus = statusOf;
  if (process.env.NOW) options.now = new Date(process.env.NOW);
  const result = await vc.verifyCredential(options);
  const set = (result.statusResult?.results ?? []).filter((each) => each.status === true)
    .map((each) => each.credentialStatus?.statusPurpose ?? 'unknown');
  console.log(JSON.stringify({ file, verified: result.verified, set, errors: messages(result.error) ?? [] }));
}
