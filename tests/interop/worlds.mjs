// node worlds.mjs WORLDS.jsonl [directions]
//     One JSON line each: the canonical N-Quads of jsonld.js in safe mode, or what it refuses.
//     A line of WORLDS is { name, document, contexts }, the contexts by their addresses.
//     With `directions` values that differ in their direction alone are two, as the standard has it; jsonld.js
//     drops the second. Source: JSON-LD 1.1 API, section 7.2.2, step 4.1.2.
import fs from 'node:fs';
import jsonld from 'jsonld';
import util from 'jsonld/lib/util.js';
import { makeLoader } from './loader.mjs';

if (process.argv[3] === 'directions') {
  const same = util.compareValues;
  const direction = (value) => value?.['@value'] === undefined ? undefined : value['@direction'];
  util.compareValues = (one, other) => same(one, other) && direction(one) === direction(other);
}

for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const { name, document, contexts } = JSON.parse(line);
  const options = {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, base: null, rdfDirection: 'i18n-datatype',
    documentLoader: makeLoader(contexts),
  };
  const answer = await jsonld.canonize(document, options).then(
    (quads) => ({ name, quads }),
    (error) => ({ name, refused: `${error.message} ${JSON.stringify(error.details ?? {}).slice(0, 300)}` }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
