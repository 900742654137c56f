import { arrivesAt, isGuarded, mayOpen, openTo } from '../../domain/applications';
import { applications } from '../../domain/password-reset';
import { roles } from '../../domain/sign-in';

test('accounts are kept by administrators and operators only, and what keeps them is guarded', () => {
  for (const application of applications.filter(isGuarded)) expect([application, roles.filter((role) => mayOpen(role, application))]).toEqual([application, ['administrator', 'operator']]);
  expect(applications.filter(isGuarded)).toEqual(['connect', 'administration-console']);
});

test('whoever wants to go where their role does not lead arrives where it does', () => {
  for (const role of roles) {
    for (const application of applications) {
      const arrived = arrivesAt(role, application);
      expect(openTo(role)).toContain(arrived);
      if (mayOpen(role, application)) expect(arrived).toBe(application);
    }
  }
  expect([arrivesAt('user', 'administration-console'), arrivesAt('recipient', 'connect')]).toEqual(['personal-portal', 'secure-messaging']);
});
