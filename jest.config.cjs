const asCommonJs = ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }];

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    // It imports React's renderer dynamically, which jest's sandbox knows only as require.
    '/@react-email/render/.+\\.cjs$': asCommonJs,
    // Modules only, which node can require and jest cannot.
    '/@(scure|noble)/.+\\.js$': asCommonJs,
    '^.+\\.(ts|tsx)$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@react-email/render/|@scure/|@noble/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

/** One project a kind of test, so that `npm test -- --selectProjects unit` pays for nothing else. */
function project(name, more = {}) {
  return { ...shared, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.{ts,tsx}`], ...more };
}

const withWorkflowBundle = { globalSetup: '<rootDir>/test/support/bundle-setup.ts', globalTeardown: '<rootDir>/test/support/bundle-teardown.ts' };

module.exports = {
  maxWorkers: 2,
  testTimeout: 120_000,
  projects: [
    project('unit'),
    project('database'),
    project('checks'),
    project('workflow', withWorkflowBundle),
    project('replay', withWorkflowBundle),
    project('dev'),
    project('api'),
    project('crash'),
    project('browser'),
  ],
};
