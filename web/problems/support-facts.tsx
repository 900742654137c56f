import { Button, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState } from 'react';
import { serverNow } from '../api/client';
import type { ApplicationWords } from '../applications';
import styles from '../shell/shell.module.css';
import { browserName } from './browser-name';

/** What a support desk asks for, filled in as far as this page can know it. */
export function SupportFacts({ application }: { application: ApplicationWords }) {
  const [openedAt] = useState(() => `${new Date(serverNow()).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  const clipboard = useClipboard();
  const facts = [
    ['Date and time of the attempt', openedAt],
    ['Address (URL) that you used', new URL(application.path, window.location.origin).href],
    ['Browser and its version', browserName(navigator.userAgent)],
    ['Email address', 'the one that you logged in with'],
  ] as const;
  const copy = (): void => clipboard.copy(facts.map(([name, value]) => `${name}: ${value}`).join('\n'));
  return (
    <>
      <Text>If you need the support desk, have this ready. Put in the time of your attempt if it was not just now.</Text>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.resend}>
        <Button variant="default" size="sm" onClick={copy}>Copy these lines</Button>
        <Text size="sm" c="dimmed" role="status">{clipboard.copied ? 'Copied.' : ''}</Text>
      </div>
    </>
  );
}
