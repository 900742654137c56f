import { Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { brand } from './brand';
import styles from './shell.module.css';

/** A page's or step's heading. It takes the focus when it appears, so that a screen reader reads where one is now. */
export function StepHeading({ children }: { children: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), [children]);
  return (
    <>
      <title>{`${children} - ${brand}`}</title>
      <Title order={1} size="h2" ref={ref} tabIndex={-1} className={styles.heading}>{children}</Title>
    </>
  );
}
