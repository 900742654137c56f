import type { Knex } from 'knex';
import { factorsOf } from '../../db/factors';
import type { SessionRow } from '../../db/sessions';
import { profileOfUser, type ProfileRow, type UserRow } from '../../db/users';
import { isGuarded, openTo } from '../../domain/applications';
import type { Application } from '../../domain/password-reset';
import { planSignIn, type Standing } from '../../domain/sign-in';

/** What decides about somebody's second step. */
export async function standingOf(db: Knex, user: UserRow): Promise<{ standing: Standing; profile: ProfileRow }> {
  const profile = await profileOfUser(db, user);
  const { phone, totp } = await factorsOf(db, user.id);
  return { standing: { twoStep: profile.two_step, phone: phone !== undefined, totp: totp !== undefined }, profile };
}

interface SignedInPerson {
  readonly session: Pick<SessionRow, 'assurance'>;
  readonly user: UserRow;
}

/** Whether a session is worth less than an application asks of its person now: its sign-in asked for no second step. */
async function weakFor(db: Knex, { session, user }: SignedInPerson): Promise<(application: Application) => boolean> {
  if (session.assurance === 'two-step') return () => false;
  const { standing } = await standingOf(db, user);
  return (application) => planSignIn(standing, false, isGuarded(application)).length > 0;
}

/** The applications that are open to somebody, and which of them ask for a second step first. */
export async function openApplications(db: Knex, person: SignedInPerson): Promise<{ application: Application; stepUp: boolean }[]> {
  const weak = await weakFor(db, person);
  return openTo(person.user.role).map((application) => ({ application, stepUp: weak(application) }));
}

/** Whether what an administrator does asks for a second step that this session lacks. */
export async function lacksStepToAdminister(db: Knex, person: SignedInPerson): Promise<boolean> {
  return (await weakFor(db, person))('administration-console');
}
