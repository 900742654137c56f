import { useRef } from 'react';

/** A key for a request: the same for as long as it asks for the same, so that a repeat after a lost answer acts once. */
export function useRequestKey(): (asked: unknown) => string {
  const last = useRef({ asked: '', key: '' });
  return (asked) => {
    const text = JSON.stringify(asked);
    if (last.current.asked !== text) last.current = { asked: text, key: newKey() };
    return last.current.key;
  };
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
