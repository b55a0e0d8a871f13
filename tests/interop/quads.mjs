// node quads.mjs EXTRA.json OUT DOCUMENT.json...   writes OUT/NAME.nq: the canonical N-Quads of jsonld.js in safe mode.
import fs from 'node:fs';
import path from 'node:path';
import jsonld from 'jsonld';
import { makeLoader } from './loader.mjs';

const [extraFile, out, ...files] = process.argv.slice(2);
const documentLoader = makeLoader(JSON.parse(fs.readFileSync(extraFile)));
for (const file of files) {
  const document = JSON.parse(fs.readFileSync(file));
  delete document.proof;
  const quads = await jsonld.canonize(document, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, base: null, documentLoader,
  });
  fs.writeFileSync(path.join(out, `${path.basename(file, '.json')}.nq`), quads);
}
