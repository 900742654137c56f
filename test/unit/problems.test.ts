import { STATUS_CODES } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, problemCatalogue, type ProblemSlug } from '../../api/problems';
import { endings } from '../../domain/password-reset';

const slugs = Object.keys(problemCatalogue) as ProblemSlug[];
const root = join(__dirname, '../..');

/** Everything that may refuse a request, as one text. */
function apiSource(): string {
  return readdirSync(join(root, 'api'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'problems.ts' && file !== 'openapi.ts')
    .map((file) => readFileSync(join(root, 'api', file), 'utf8'))
    .join('\n');
}

test.each(slugs)('%s has a title, what to do, and a status of HTTP that refuses', (slug) => {
  const { title, whatToDo, status } = problemCatalogue[slug];
  expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(whatToDo).toMatch(/^[A-Z].*\.$/);
  expect(STATUS_CODES[status]).toBeDefined();
  expect(status).toBeGreaterThanOrEqual(400);
});

test('no two titles are the same: a person can tell the problems apart', () => {
  expect(new Set(slugs.map((slug) => problemCatalogue[slug].title)).size).toBe(slugs.length);
});

test('every problem of the catalogue can happen', () => {
  const source = apiSource();
  const endingProblems = endings.map((ending) => `flow-${ending}`);
  expect(slugs.filter((slug) => !source.includes(`'${slug}'`) && !endingProblems.includes(slug))).toEqual([]);
});

describe('a problem document (RFC 9457)', () => {
  const publicUrl = 'https://portal.example';

  test('has type, title, status and detail; the type is the address of its page', () => {
    expect(new Problem('secret-wrong').toDocument(publicUrl)).toEqual({
      type: 'https://portal.example/problems/secret-wrong', title: problemCatalogue['secret-wrong'].title, status: 422, detail: problemCatalogue['secret-wrong'].whatToDo,
    });
  });

  test('says more where there is more to say, under the same type and status', () => {
    const problem = new Problem('too-many-requests', { detail: 'This reset has no resend left.', extra: { attemptsLeft: 0 }, headers: { 'Retry-After': '60' } });
    expect(problem.toDocument(publicUrl)).toMatchObject({ status: 429, detail: 'This reset has no resend left.', attemptsLeft: 0 });
    expect(problem.headers).toEqual({ 'Retry-After': '60' });
  });

  test.each(slugs)('check 54: %s names only the address that the service was set up with', (slug) => {
    expect(new URL(String(new Problem(slug).toDocument(publicUrl).type)).href).toBe(`${publicUrl}/problems/${slug}`);
  });
});
