import { readFile, writeFile } from 'node:fs/promises';
import { generatedFiles, regenerate } from './docs/sections.js';

/** `npm run docs`: brings what is generated from the code up to date. Run it in the project's folder. */
for (const file of generatedFiles) {
  await writeFile(file.path, regenerate(file, await readFile(file.path, 'utf8')));
}
