import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

// Schemas made before this call would lack `.openapi()`: every contract takes `z` from here.
extendZodWithOpenApi(z);

export { z };
