import { Body, Button, Container, Head, Heading, Html, Preview, Text } from '@react-email/components';
import { render } from '@react-email/render';
import type { EmailText } from '../domain/texts';

const styles = {
  body: { backgroundColor: '#f4f5f7', fontFamily: 'Arial, Helvetica, sans-serif', color: '#1a1d21', margin: 0 },
  container: { backgroundColor: '#ffffff', maxWidth: '560px', padding: '24px', margin: '24px auto', borderRadius: '8px' },
  lines: { fontFamily: 'monospace', fontSize: '16px', backgroundColor: '#f4f5f7', padding: '12px', margin: '4px 0' },
  paragraph: { whiteSpace: 'pre-wrap' },
  button: { backgroundColor: '#0b5cad', color: '#ffffff', padding: '12px 20px', borderRadius: '6px', textDecoration: 'none' },
  foot: { color: '#5b6470', fontSize: '13px' },
} as const;

function Email({ email, brand }: { readonly email: EmailText; readonly brand: string }) {
  return (
    <Html lang="en">
      <Head />
      <Preview>{email.subject}</Preview>
      <Body style={styles.body}>
        <Container style={styles.container}>
          <Heading as="h1" style={{ fontSize: '20px' }}>{email.subject}</Heading>
          {email.paragraphs.map((paragraph) => <Text key={paragraph} style={styles.paragraph}>{paragraph}</Text>)}
          {email.lines?.map((line) => <Text key={line} style={styles.lines}>{line}</Text>)}
          {email.button && <Button href={email.button.url} style={styles.button}>{email.button.label}</Button>}
          {email.after?.map((paragraph) => <Text key={paragraph}>{paragraph}</Text>)}
          <Text style={styles.foot}>{brand}</Text>
        </Container>
      </Body>
    </Html>
  );
}

/** The e-mail as HTML: no picture, nothing from elsewhere, readable at a phone's width. */
export function renderEmail(email: EmailText, brand: string): Promise<string> {
  return render(<Email email={email} brand={brand} />);
}
