import { eachDatabase, postgresServer } from '../support/database';

eachDatabase('a database for tests', (database) => {
  test('is migrated and its own', async () => {
    expect(database.db().client.config.client).toBe(database.engine === 'sqlite' ? 'sqlite3' : 'pg');
    expect(await database.db().migrate.list()).toEqual([expect.arrayContaining([expect.anything()]), []]);
  });
});

test('without PostgreSQL its half fails and says what to set', () => {
  const given = process.env.TEST_DATABASE_URL;
  delete process.env.TEST_DATABASE_URL;
  try {
    expect(postgresServer).toThrow(/TEST_DATABASE_URL/);
  } finally {
    if (given !== undefined) process.env.TEST_DATABASE_URL = given;
  }
});
