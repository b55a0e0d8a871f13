// node worlds.mjs WORLDS.jsonl
//     One JSON line each: the canonical N-Quads of jsonld.js in safe mode, or what it refuses.
//     A line of WORLDS is { name, document, contexts }, the contexts by their addresses.
import fs from 'node:fs';
import jsonld from 'jsonld';
import { makeLoader } from './loader.mjs';

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
