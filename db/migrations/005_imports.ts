import type { Knex } from 'knex';

/** People that are to become users: files as they were uploaded, and what is read of files and directories before it is taken over. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('import_uploads', (t) => {
    t.string('id', 64).primary();
    t.string('account_code', 12).notNullable().references('accounts.code').index();
    t.string('file_name', 200).notNullable();
    // Null until it is there as a whole.
    t.integer('bytes').nullable();
    t.bigInteger('created_at').notNullable().index();
  });
  await knex.schema.createTable('import_upload_chunks', (t) => {
    t.string('upload_id', 64).notNullable().references('import_uploads.id').onDelete('CASCADE');
    t.integer('seq').notNullable();
    t.binary('content').notNullable();
    t.primary(['upload_id', 'seq']);
  });
  await knex.schema.createTable('imports', (t) => {
    t.string('id', 64).primary();
    t.string('account_code', 12).notNullable().references('accounts.code').index();
    t.string('source', 10).notNullable();
    // How those who are new to the account sign in.
    t.string('authentication', 10).notNullable();
    // `staging` while it is read, `staged` where it can be taken over, `refused` where it cannot, `merged` once it was.
    t.string('state', 10).notNullable();
    // Who is reading it: another reader that began later takes its place.
    t.string('attempt', 36).notNullable();
    t.text('counts').nullable();
    t.bigInteger('created_at').notNullable().index();
    t.bigInteger('merged_at').nullable();
  });
  await knex.schema.createTable('import_rows', (t) => {
    t.string('import_id', 64).notNullable().references('imports.id').onDelete('CASCADE');
    t.string('email', 254).notNullable();
    t.integer('line').notNullable();
    t.string('name', 200).notNullable();
    // The id of the user that it becomes where there is none with this address.
    t.string('new_user_id', 36).notNullable();
    t.string('outcome', 10).nullable();
    t.string('why', 20).nullable();
    t.primary(['import_id', 'email']);
    t.unique(['import_id', 'line']);
    t.index(['new_user_id']);
  });
  await knex.schema.createTable('import_attributes', (t) => {
    t.string('import_id', 64).notNullable().references('imports.id').onDelete('CASCADE');
    t.integer('line').notNullable();
    t.string('name', 100).notNullable();
    t.string('value', 500).notNullable();
    t.primary(['import_id', 'line', 'name']);
  });
  // Every person of an import is looked for by address.
  await knex.schema.alterTable('user_addresses', (t) => {
    t.index(['address'], 'user_addresses_by_address');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('user_addresses', (t) => {
    t.dropIndex(['address'], 'user_addresses_by_address');
  });
  for (const table of ['import_attributes', 'import_rows', 'imports', 'import_upload_chunks', 'import_uploads']) await knex.schema.dropTable(table);
}
