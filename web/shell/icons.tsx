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

/** Applications side by side. */
export function IconGrid(props: IconProps) {
  return <Icon {...props} path="M3 3H7V7H3ZM11 3H15V7H11ZM3 11H7V15H3ZM11 11H15V15H11Z" />;
}

/** A cog wheel. */
export function IconGear(props: IconProps) {
  return <Icon {...props} path="M9 11.6A2.6 2.6 0 1 0 9 6.4A2.6 2.6 0 1 0 9 11.6M9 2V4.2M9 13.8V16M2 9H4.2M13.8 9H16M4.1 4.1 5.6 5.6M12.4 12.4 13.9 13.9M4.1 13.9 5.6 12.4M12.4 5.6 13.9 4.1" />;
}

/** A person. */
export function IconPerson(props: IconProps) {
  return <Icon {...props} path="M9 9A3.2 3.2 0 1 0 9 2.6A3.2 3.2 0 1 0 9 9M2.6 15.8C3.4 12.9 6 11.8 9 11.8S14.6 12.9 15.4 15.8" />;
}
