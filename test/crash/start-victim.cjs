// Starts the victim's bundle with the code that the start before compiled: half of its start would be compiling.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const file = process.argv[2];
const compiled = `${file}.compiled`;
const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined });
script.runInThisContext()(exports, require, module, file, dirname(file));
if (script.cachedDataRejected !== false) {
  // Two may start at once: the file is there whole or not at all.
  writeFileSync(`${compiled}.${process.pid}`, script.createCachedData());
  renameSync(`${compiled}.${process.pid}`, compiled);
}
