import type { ComponentType } from 'react';
import type { TaskName } from '../../../domain/onboarding/tasks';
import type { FormProps } from '../form-kit';
import { AuthenticationFields } from './authentication-fields';
import { DetailsFields } from './details-fields';
import { DomainsFields } from './domains-fields';
import { InboundFields, OutboundFields } from './mail-fields';
import { ReviewFields } from './review-fields';
import { SmsFields } from './sms-fields';
import { UsersFields } from './users-fields';

/** The fields of each task. */
export const fieldsOf: Readonly<Record<TaskName, ComponentType<FormProps>>> = {
  details: DetailsFields, domains: DomainsFields, users: UsersFields, authentication: AuthenticationFields, 'outbound-mail': OutboundFields, 'inbound-mail': InboundFields, sms: SmsFields, review: ReviewFields,
};
