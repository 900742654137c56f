/** The vendor's name as every page shows it, fixed when the pages are built. */
export const brand: string = import.meta.env.VITE_BRAND ?? 'Postern';
