import { Anchor } from '@mantine/core';

/** Leads to another way through the same step, and back. */
export function OtherWay({ label, onClick }: { label: string; onClick: () => void }) {
  return <Anchor component="button" type="button" ta="left" underline="always" onClick={onClick}>{label}</Anchor>;
}
