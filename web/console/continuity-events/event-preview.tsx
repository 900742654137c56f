import { Stack, Text, Title } from '@mantine/core';
import type { Preview } from '../../api/continuity';
import shell from '../../shell/shell.module.css';
import styles from './continuity.module.css';
import { counted, people, reasonInWords } from './words';

function Example({ title, alert }: { title: string; alert: Preview['alerts']['start'] }) {
  return (
    <div>
      <dt>{`${title}: ${alert.characters} characters, ${alert.segments} ${alert.segments === 1 ? 'segment' : 'segments'} (${alert.encoding})`}</dt>
      <dd className={styles.text}>{alert.text}</dd>
    </div>
  );
}

/** Who would be told, who not and why, what it looks like to one person, and what it is estimated to cost. */
export function EventPreview({ preview }: { preview: Preview }) {
  const { start, end } = preview.alerts;
  const cost = new Intl.NumberFormat('en', { style: 'currency', currency: preview.currency }).format(preview.cost);
  return (
    <Stack component="section" aria-label="Preview" gap="sm">
      <Title order={2} size="h4">Preview</Title>
      <Text role="status">{`${counted.format(preview.recipients)} of ${people(preview.people)} would be told.`}</Text>
      {preview.addresses > 0 && <Text size="sm">{`${counted.format(preview.addresses)} of them ${preview.addresses === 1 ? 'has' : 'have'} a second address for e-mails.`}</Text>}
      {preview.without.length > 0 && <ul aria-label="Who would not be told" style={{ margin: 0 }}>{preview.without.map(({ why, count }) => <li key={why}>{`${reasonInWords(why)}: ${counted.format(count)}`}</li>)}</ul>}
      <dl className={shell.facts}>
        <Example title="Start" alert={start} />
        {end && <Example title="End" alert={end} />}
        <div><dt>Segments of everybody</dt><dd>{counted.format(preview.segments)}</dd></div>
        <div><dt>Estimated cost</dt><dd>{cost}</dd></div>
      </dl>
    </Stack>
  );
}
