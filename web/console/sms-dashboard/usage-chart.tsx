import { Group, Text } from '@mantine/core';
import type { UsageDay } from '../../api/sms';

const WIDTH = 640;
const HEIGHT = 180;
const LABELS = 18;
const WIDEST_BAR = 48;
const SHARE = 0.7;

/** What became of texts, from the bottom of a bar to its top. Told apart by shade as well as by colour. */
const parts = [
  ['Delivered', '#1b7a3a', (day: UsageDay) => day.delivered],
  ['On the way', '#79afdb', (day: UsageDay) => Math.max(0, day.sent - day.delivered - day.failed)],
  ['Failed', '#b3261e', (day: UsageDay) => day.failed],
  ['Refused', '#6b4500', (day: UsageDay) => day.refused],
  ['Blocked', '#8294a4', (day: UsageDay) => day.blocked],
] as const;

interface Bar {
  readonly day: string;
  readonly values: readonly number[];
}

function barsOf(days: readonly UsageDay[]): Bar[] {
  const byDay = new Map<string, number[]>();
  for (const day of days) {
    const before = byDay.get(day.day) ?? parts.map(() => 0);
    byDay.set(day.day, before.map((value, index) => value + parts[index]![2](day)));
  }
  return [...byDay].map(([day, values]) => ({ day, values }));
}

/** Texts by day as stacked bars. The table below says the same in numbers. */
export function UsageChart({ days }: { days: readonly UsageDay[] }) {
  const bars = barsOf(days);
  const highest = Math.max(1, ...bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const slot = WIDTH / bars.length;
  const width = Math.min(WIDEST_BAR, slot * SHARE);
  const every = Math.ceil(bars.length / 8);
  return (
    <div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + LABELS}`} role="img" aria-label={`Texts by day, ${bars.length} days, at most ${highest} on one`} width="100%">
        <line x1={0} y1={HEIGHT} x2={WIDTH} y2={HEIGHT} stroke="#8294a4" />
        {bars.map(({ day, values }, index) => {
          const x = index * slot + (slot - width) / 2;
          let top = HEIGHT;
          return (
            <g key={day}>
              {values.map((value, part) => {
                const height = (value / highest) * HEIGHT;
                top -= height;
                return <rect key={parts[part]![0]} x={x} y={top} width={width} height={height} fill={parts[part]![1]} />;
              })}
              {index % every === 0 && <text x={index * slot + slot / 2} y={HEIGHT + LABELS - 4} textAnchor="middle" fontSize="11" fill="#1b2733">{day.slice(5)}</text>}
            </g>
          );
        })}
      </svg>
      <Group gap="md" aria-hidden>
        {parts.map(([name, colour]) => <Text key={name} size="sm" component="span"><span style={{ display: 'inline-block', width: 12, height: 12, marginRight: 6, background: colour }} />{name}</Text>)}
      </Group>
    </div>
  );
}
