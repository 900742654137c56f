import { Center, Loader } from '@mantine/core';

/** Something is on its way here. */
export function Waiting() {
  return (
    <Center mih={180} role="status" aria-label="Loading">
      <Loader />
    </Center>
  );
}
