import { defineConfig } from 'vite';

/** What is no JavaScript (argon2 as well), and ways of knex and pg to databases that are not installed. */
const external = ['sqlite3', '@node-rs/argon2', 'better-sqlite3', 'mariadb/callback', 'mysql', 'mysql2', 'oracledb', 'pg-native', 'pg-query-stream', 'tedious'];

/** Makes one file of everything that a victim needs: it starts several times as fast as hundreds of modules do. */
export default defineConfig({
  ssr: { noExternal: true },
  build: {
    ssr: `${import.meta.dirname}/victim.ts`,
    target: 'node20',
    minify: true,
    rolldownOptions: { external, output: { format: 'cjs', entryFileNames: 'victim.cjs', codeSplitting: false } },
  },
});
