import { Router, static as serveStatic } from 'express';
import { absolutePath } from 'swagger-ui-dist';
import { openApiDocument } from '../openapi';
import { problemCatalogue } from '../problems';

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Postern API</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head><body><div id="api"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>`;
const START = "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true });";

/** What describes the API: its document, a page to browse it, and the catalogue of problems. */
export function documentRoutes(): Router {
  const router = Router();
  const document = openApiDocument();
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  router.get('/problems', (_req, res) => {
    res.json(Object.entries(problemCatalogue).map(([slug, entry]) => ({ slug, ...entry })));
  });
  router.get('/docs', (_req, res) => {
    res.type('html').send(PAGE);
  });
  router.get('/docs/start.js', (_req, res) => {
    res.type('js').send(START);
  });
  router.use('/docs', serveStatic(absolutePath(), { index: false }));
  return router;
}
