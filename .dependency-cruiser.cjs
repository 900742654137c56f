/** The directions of imports that docs/architecture.md describes. `npm run check:imports` holds them. */

const ours = '^(activities|api|bench|config\\.ts|db|dev|directory|domain|imports|security|temporal\\.config\\.ts|templates|test|web|worker|workflows)';
const messages = '^workflows/[^/]+/messages\\.ts$';

/** From a folder, of our own code only what `to` names; anything from packages. */
function only(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { path: from }, to: { path: ours, pathNot: to } };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'Two modules that need each other are one module.', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', comment: 'Every import is found.', from: {}, to: { couldNotResolve: true } },
    only('domain-is-pure', 'Rules of the domain know nothing of the rest: pages, API and workflows share them.', '^domain/', ['^domain/']),
    {
      name: 'domain-without-node',
      severity: 'error',
      comment: 'The pages and the workflow sandbox have no Node modules.',
      from: { path: '^(domain|workflows)/' },
      to: { dependencyTypes: ['core'] },
    },
    only('workflows-deterministic', 'Workflows use the domain and constants of the engine; activities as types only.', '^workflows/', ['^workflows/', '^domain/', '^temporal\\.config\\.ts$', '^activities/']),
    {
      name: 'workflows-take-types-of-activities',
      severity: 'error',
      comment: 'An activity that is imported as a value would run inside the sandbox.',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'messages-are-light',
      severity: 'error',
      comment: 'The API imports messages without the workflow.',
      from: { path: messages },
      to: { path: '^workflows/[^/]+/(?!messages\\.ts$)' },
    },
    only('activities-use', 'Side effects: database, outside systems, templates, domain, security.', '^activities/', ['^activities/', '^db/', '^directory/', '^imports/', '^templates/', '^domain/', '^security/', '^config\\.ts$', '^temporal\\.config\\.ts$', messages]),
    only('database-uses', 'Repositories know the domain and how secrets are sealed.', '^db/', ['^db/', '^domain/', '^security/', '^config\\.ts$']),
    only('templates-use', 'What people receive is made of texts of the domain.', '^templates/', ['^templates/', '^domain/']),
    only('security-uses', 'Keys, digests and guards know rules of the domain and nothing of journeys.', '^security/', ['^security/', '^domain/']),
    only('directory-uses', 'A client of an outside system that API and activities both use knows neither of them.', '^directory/', ['^directory/', '^domain/', '^security/']),
    only('imports-use', 'Reading people into staging: API and activities both do it, and it knows neither of them.', '^imports/', ['^imports/', '^db/', '^directory/', '^domain/']),
    only('worker-uses', 'The worker puts workflows and activities together.', '^worker/', ['^worker/', '^activities/', '^workflows/', '^db/', '^directory/', '^templates/', '^domain/', '^security/', '^config\\.ts$', '^temporal\\.config\\.ts$']),
    only('api-uses', 'The API knows a journey by its messages.', '^api/', ['^api/', '^db/', '^directory/', '^domain/', '^imports/', '^security/', '^config\\.ts$', '^temporal\\.config\\.ts$', messages, '^dev/routes(/index)?\\.ts$']),
    only('web-uses', 'The pages share the domain and the generated client with the server, nothing else.', '^web/', ['^web/', '^domain/', '^api/openapi\\.json$']),
    {
      name: 'dev-stays-out',
      severity: 'error',
      comment: 'Embedded parts are never loaded in production: only tests import them, and the API its routes in embedded mode.',
      from: { pathNot: '^(dev|test|bench|api)/' },
      to: { path: '^dev/' },
    },
    {
      name: 'dev-routes-on-demand',
      severity: 'error',
      comment: 'A static import would load the development routes in production.',
      from: { path: '^api/' },
      to: { path: '^dev/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    { name: 'tests-stay-out', severity: 'error', comment: 'Nothing that runs depends on tests.', from: { pathNot: '^(test|bench)/' }, to: { path: '^test/' } },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment: 'What production loads is installed in production.',
      from: { path: '^(activities|api|config\\.ts|db|directory|domain|imports|security|temporal\\.config\\.ts|templates|worker|workflows)', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
