import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { applyProposals, beginNumberCheck, getNumberCheck, type NumberCheck } from '../../api/sms';
import { useStream } from '../../flow/use-stream';

/** A look at all values of an attribute, as far as it is: begun here, followed until it is at rest. */
export function useNumberCheck(account: string, attribute: string) {
  const [id, setId] = useState<string>();
  const queryClient = useQueryClient();
  const show = useCallback((check: NumberCheck) => {
    setId(check.id);
    queryClient.setQueryData(['number-check', check.id], check);
  }, [queryClient]);
  const { data: check, error } = useQuery({ queryKey: ['number-check', id], queryFn: () => getNumberCheck(id!), enabled: id !== undefined });
  const begin = useMutation({ mutationFn: (defaultCountry: string | null) => beginNumberCheck(account, attribute, defaultCountry), onSuccess: show });
  const apply = useMutation({ mutationFn: () => applyProposals(id!), onSuccess: show });
  const works = check?.state === 'running' || check?.state === 'applying';
  useStream<NumberCheck>(works ? `/api/sms-settings/number-checks/${check.id}/events` : undefined, show);
  return { check, works, begin, apply, error: error ?? begin.error ?? apply.error };
}
