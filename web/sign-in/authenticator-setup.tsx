import { Anchor, List, Text } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import styles from '../shell/shell.module.css';

/** In groups of four, as people copy by hand. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}

/** How an authenticator app gets its key: by a picture, by a link on the same device, or typed. The picture is drawn here: its key goes nowhere. */
export function AuthenticatorSetup({ uri, secret }: { uri: string; secret: string }) {
  return (
    <>
      <List type="ordered" spacing="xs">
        <List.Item>Open an authenticator app, on this device or another one.</List.Item>
        <List.Item>
          On another one, scan this picture with it:
          <div className={styles.picture}><QRCodeSVG value={uri} size={184} marginSize={4} title="QR code of the setup key" /></div>
        </List.Item>
        <List.Item>Is it on this device? <Anchor href={uri} underline="always">Add the account to the app</Anchor></List.Item>
        <List.Item>Or choose to enter a setup key, based on time, and type this:</List.Item>
      </List>
      <code className={styles.key} aria-label="Setup key">{grouped(secret)}</code>
      <Text size="sm">Then enter the code that the app shows. Whoever has the key or its picture can make your codes: show it to nobody.</Text>
    </>
  );
}
