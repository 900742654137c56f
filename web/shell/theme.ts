import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const harbour: MantineColorsTuple = ['#ecf4fb', '#d6e6f3', '#a9cbe7', '#79afdb', '#5297d1', '#3a88cb', '#2c80c9', '#1f6db2', '#1461a0', '#12467b'];

/** Colours and shapes of every portal. Shades are chosen for a contrast of at least 4.5 to 1. */
export const theme = createTheme({
  // Who asks for less motion gets none.
  respectReducedMotion: true,
  primaryColor: 'harbour',
  primaryShade: 8,
  colors: { harbour },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '650' },
  components: {
    Button: { defaultProps: { size: 'md' } },
    // Every field of these pages is required: an asterisk would say nothing, and be read as part of the label.
    TextInput: { defaultProps: { size: 'md', withAsterisk: false } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', withAsterisk: false } },
    PasswordInput: { defaultProps: { size: 'md', withAsterisk: false } },
  },
});

/** Texts at 4.5 to 1 or more, errors and what is not offered yet included; the borders of fields at 3 to 1 (WCAG 1.4.3, 1.4.11). */
const light = {
  '--mantine-color-dimmed': '#4a5a69',
  '--mantine-color-error': '#b3261e',
  '--mantine-color-gray-4': '#8294a4',
  '--mantine-color-default-border': '#8294a4',
  '--mantine-color-disabled': '#eef2f5',
  '--mantine-color-disabled-color': '#566573',
};

/** What the library's own light shades leave too pale. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light, dark: {} });
