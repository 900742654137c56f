import tsdoc from 'eslint-plugin-tsdoc';
import tseslint from 'typescript-eslint';

const noEnums = { selector: 'TSEnumDeclaration', message: 'Use a union of literals: an enum is no plain value.' };
const asyncFunction = ':matches(ArrowFunctionExpression, FunctionExpression)[async=true]';
const asyncValidators = [
  {
    selector: `Property[key.name='validator'] > ${asyncFunction}`,
    message: 'A validator is synchronous: an async one fails the workflow task and loses the Update.',
  },
  { selector: 'FunctionDeclaration[id.name=/^validate/][async=true]', message: 'A validator is synchronous: an async one loses the Update.' },
  { selector: `VariableDeclarator[id.name=/^validate/] > ${asyncFunction}`, message: 'A validator is synchronous: an async one loses the Update.' },
];
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Settings come from config.ts, so that every missing one is listed at once.',
};

/** Rules are errors or off, never warnings. */
export default tseslint.config(
  { ignores: ['node_modules/', '**/dist/', 'data/', 'coverage/', 'web/api/schema.d.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    plugins: { tsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', noEnums, noEnvironment],
      'tsdoc/syntax': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'setInterval', 'fetch', 'Buffer'],
      'no-restricted-syntax': ['error', noEnums, noEnvironment, ...asyncValidators],
    },
  },
  {
    // The edges of a process: they read the environment once, and print for people.
    files: ['config.ts', '*/main.ts', 'worker/workflow-source.ts', 'api/{write-openapi,command}.ts', 'bench/**/*.ts', 'dev/**/*.ts', 'test/**/*.{ts,tsx}', 'web/vite.config.ts'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': ['error', noEnums] },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        { selector: 'CallExpression[callee.property.name=/^(skip|only|todo)$/]', message: 'A test runs or is not there: nothing is skipped.' },
        { selector: "CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]", message: 'A test runs or is not there: nothing is skipped.' },
      ],
    },
  },
);
