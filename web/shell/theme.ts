import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const harbour: MantineColorsTuple = ['#ecf4fb', '#d6e6f3', '#a9cbe7', '#79afdb', '#5297d1', '#3a88cb', '#2c80c9', '#1f6db2', '#1461a0', '#12467b'];

/** Colours and shapes of every portal. Shades are chosen for a contrast of at least 4.5 to 1. */
export const theme = createTheme({
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
    PasswordInput: { defaultProps: { size: 'md', withAsterisk: false } },
  },
});

/** Descriptions in a grey that is dark enough to read: 4.5 to 1 on every ground of these pages. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: { '--mantine-color-dimmed': '#4a5a69' }, dark: {} });
