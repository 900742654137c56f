/** A tick; `label` is what a screen reader says for it. */
export function IconCheck({ label, size = 18, color = 'currentColor' }: { label: string; size?: number; color?: string }) {
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox="0 0 18 18" fill="none" stroke={color} strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
      <path d="M3 9.5 7.2 13.7 15 4.8" />
    </svg>
  );
}

/** A cross; `label` is what a screen reader says for it. */
export function IconCross({ label, size = 18, color = 'currentColor' }: { label: string; size?: number; color?: string }) {
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox="0 0 18 18" fill="none" stroke={color} strokeWidth="2.6" strokeLinecap="round">
      <path d="M4 4 14 14M14 4 4 14" />
    </svg>
  );
}
