import { Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { defineAttribute, type Attribute } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import styles from '../../shell/shell.module.css';

interface AttributeLookupProps {
  readonly account: string;
  readonly attributes: readonly Attribute[];
  readonly onChoose: (attribute: Attribute) => void;
  readonly onClose: () => void;
}

/** Lookup: the attributes that are defined, to choose one or define another. */
export function AttributeLookup({ account, attributes, onChoose, onClose }: AttributeLookupProps) {
  const [wanted, setWanted] = useState('');
  const found = attributes.filter(({ name, label }) => `${name}\n${label}`.toLowerCase().includes(wanted.trim().toLowerCase()));
  const choose = (attribute: Attribute): void => {
    onChoose(attribute);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Lookup: attributes of users" closeButtonProps={{ 'aria-label': 'Close' }} transitionProps={{ duration: 0 }}>
      <Stack>
        <TextInput label="Search by name" type="search" required={false} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} data-autofocus />
        <ul className={styles.rows} aria-label="Attributes">
          {found.map((attribute) => (
            <li key={attribute.name} className={styles.row}>
              <div>
                <Text fw={650}>{attribute.label}</Text>
                <Text size="sm" c="dimmed">{`${attribute.name}, ${attribute.values} ${attribute.values === 1 ? 'value' : 'values'}`}</Text>
              </div>
              <Button variant="default" size="sm" aria-label={`Select ${attribute.label}`} onClick={() => choose(attribute)}>Select</Button>
            </li>
          ))}
        </ul>
        <DefineAttribute account={account} />
      </Stack>
    </Modal>
  );
}

function DefineAttribute({ account }: { account: string }) {
  const [label, setLabel] = useState('');
  const queryClient = useQueryClient();
  const define = useMutation({
    mutationFn: () => defineAttribute(account, label.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-'), label.trim()),
    onSuccess: (attributes) => {
      queryClient.setQueryData(['user-attributes', account], attributes);
      setLabel('');
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    define.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Title order={3} size="h5">Define another one</Title>
        <ProblemAlert error={define.error} />
        <Group align="end">
          <TextInput label="Name of the attribute" required maxLength={100} value={label} onChange={(event) => setLabel(event.currentTarget.value)} flex="1 1 10rem" />
          <Button type="submit" variant="default" loading={define.isPending}>Define</Button>
        </Group>
      </Stack>
    </form>
  );
}
