import { Alert } from '@mantine/core';
import type { Onboarding } from '../api/onboardings';
import { day } from '../signed-in/moment';

function whatIsLeft(days: number): string {
  if (days === 0) return 'Today is the last day';
  return days === 1 ? 'One day is left' : `${days} days are left`;
}

const SOON_DAYS = 14;
const calm = { color: 'harbour', styles: { root: { backgroundColor: '#ecf4fb' }, title: { color: '#12467b' }, message: { color: '#1b2733' } } } as const;
const urgent = { color: 'yellow', styles: { root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } } } as const;

/** How long the application is still there for this account. Nothing where no date is set. */
export function DiscontinuationBanner({ discontinuation }: { discontinuation: Onboarding['details']['discontinuation'] }) {
  if (!discontinuation) return null;
  const { date, daysLeft } = discontinuation;
  return (
    <section aria-label="Discontinuation">
      <Alert role="note" mb="lg" variant="light" title={whatIsLeft(daysLeft)} {...(daysLeft <= SOON_DAYS ? urgent : calm)}>
        {`The Connect Application is discontinued on ${day(date)}. Complete your tasks as soon as possible; if you need more time, ask the support desk before then.`}
      </Alert>
    </section>
  );
}
