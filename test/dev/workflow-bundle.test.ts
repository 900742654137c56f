import { stat } from 'node:fs/promises';
import { bundleWorkflows } from '../../dev/start/workflows';

test('the workflows are bundled once for as long as their sources stay the same, and by whoever starts at once', async () => {
  const [file, another] = await Promise.all([bundleWorkflows(() => {}), bundleWorkflows(() => {})]);
  expect(another).toBe(file);
  const { mtimeMs, size } = await stat(file);
  expect(size).toBeGreaterThan(100_000);
  expect(await bundleWorkflows(() => {})).toBe(file);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
});
