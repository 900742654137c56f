import { Alert, Button, Group, Text } from '@mantine/core';
import type { TaskName } from '../../domain/onboarding/tasks';
import type { Draft } from '../../domain/onboarding/forms';
import { moment } from '../signed-in/moment';
import type { Seen } from './draft-keeper';
import styles from './connect.module.css';
import { inLines } from './field-names';

interface ConflictProps {
  readonly task: TaskName;
  readonly theirs: Seen;
  readonly mine: Draft;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

/** The fields that two drafts say different things in, with what each says. */
function differences(task: TaskName, theirs: Draft, mine: Draft) {
  const [their, my] = [inLines(task, theirs), inLines(task, mine)];
  const said = (lines: typeof my, path: string): readonly string[] => lines.find((line) => line.path === path)?.lines ?? ['(nothing)'];
  const fields = new Map([...their, ...my].map(({ path, name }) => [path, name]));
  return [...fields].map(([path, name]) => ({ path, name, theirs: said(their, path), mine: said(my, path) })).filter((field) => field.theirs.join('\n') !== field.mine.join('\n'));
}

/** Somebody else saved something while this was entered: both are shown, and one has to be chosen. */
export function Conflict({ task, theirs, mine, onTake, onKeep }: ConflictProps) {
  const who = theirs.by ?? 'Somebody';
  const fields = differences(task, theirs.draft, mine);
  return (
    <Alert role="alert" variant="light" color="yellow" title={`${who} changed this at ${moment(theirs.at)}`} styles={{ root: { backgroundColor: '#fdf3d7' }, body: { minWidth: 0 }, title: { color: '#6b4500' }, message: { color: '#1b2733' } }}>
      <Text mb="sm">What you entered is not saved. Look at both, then decide what stays.</Text>
      <div className={styles.sides}>
        {([['theirs', `What ${who} saved`], ['mine', 'What you entered']] as const).map(([side, title]) => (
          <section key={side} className={styles.side} aria-label={title}>
            <Text fw={650} mb={4}>{title}</Text>
            <dl className={styles.summary}>
              {fields.map((field) => (
                <div key={field.path}>
                  <dt>{field.name}</dt>
                  {field[side].map((line, index) => <dd key={index}>{line}</dd>)}
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Group mt="md" gap="sm">
        <Button size="sm" variant="default" className={styles.wrapping} onClick={onTake}>{`Take what ${who} saved`}</Button>
        <Button size="sm" onClick={onKeep}>Keep what I entered</Button>
      </Group>
    </Alert>
  );
}
