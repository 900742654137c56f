interface IconProps {
  /** What a screen reader says for it; without one it is decoration. */
  readonly label?: string;
  readonly size?: number;
  readonly color?: string;
}

function Icon({ path, label, size = 18, color = 'currentColor' }: IconProps & { readonly path: string }) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg {...named} width={size} height={size} viewBox="0 0 18 18" fill="none" stroke={color} strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
      <path d={path} />
    </svg>
  );
}

export function IconCheck(props: IconProps) {
  return <Icon {...props} path="M3 9.5 7.2 13.7 15 4.8" />;
}

export function IconCross(props: IconProps) {
  return <Icon {...props} path="M4 4 14 14M14 4 4 14" />;
}

/** An exclamation mark. */
export function IconNotice(props: IconProps) {
  return <Icon {...props} path="M9 3V10M9 14.6V14.7" />;
}
