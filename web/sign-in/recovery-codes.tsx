import { Alert, Button, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import styles from '../shell/shell.module.css';

/** Recovery codes, this once: nobody can show them again. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const clipboard = useClipboard();
  const one = codes.length === 1;
  return (
    <>
      <Alert variant="light" color="yellow" title={one ? 'Your new recovery code' : 'Your recovery codes'} styles={{ root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } }}>
        {one
          ? 'It takes the place of the one that you used. Keep it where you keep the others: it is not shown again.'
          : 'Keep them where you find them without your phone. Each logs you in once in its place. They are not shown again.'}
      </Alert>
      <ul className={styles.codes} aria-label={one ? 'New recovery code' : 'Recovery codes'}>
        {codes.map((code) => <li key={code}><code>{code}</code></li>)}
      </ul>
      <div className={styles.resend}>
        <Button variant="default" size="sm" onClick={() => clipboard.copy(codes.join('\n'))}>{one ? 'Copy the code' : 'Copy the codes'}</Button>
        <Text size="sm" c="dimmed" role="status">{clipboard.copied ? 'Copied.' : ''}</Text>
      </div>
    </>
  );
}
