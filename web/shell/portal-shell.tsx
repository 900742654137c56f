import { Container, Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { brand } from './brand';
import styles from './shell.module.css';

interface PortalShellProps {
  readonly application: string;
  /** Where the brand leads. */
  readonly home: string;
  /** What stands at the end of the header. */
  readonly tools?: ReactNode;
  /** For pages with more than one column. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** The frame of every page of every portal: who this is, which portal, where help is. */
export function PortalShell({ application, home, tools, wide = false, children }: PortalShellProps) {
  return (
    <div className={styles.page}>
      <a className={styles.skip} href="#content" onClick={() => document.getElementById('content')?.focus()}>Skip to the content</a>
      <header className={styles.header}>
        <Link to={home} className={styles.brand}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
          {brand}
        </Link>
        <span className={styles.application}>{application}</span>
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      <main id="content" tabIndex={-1} className={styles.main}>
        <Container size={wide ? 1_080 : 520} px="md" py="xl">
          <Paper withBorder shadow="sm" className={styles.card}>{children}</Paper>
        </Container>
      </main>
      <footer className={styles.footer}>
        <Link to="/login-issues">Login issues?</Link>
      </footer>
    </div>
  );
}
