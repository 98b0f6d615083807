// A static web server for the built page: under any path, and as strict as any host may be.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

// The page has to live with this policy. Styles may be inline because elements carry their place in `style`.
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serves `folder` under `base` and nothing anywhere else, so that an address that forgets the base is a 404.
 * Pages of somebody else, such as one that embeds ours, can be added with `addPage`; the policy does not bind them.
 */
export async function startServer(folder, base = '/') {
  const guests = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const guest = guests.get(path);
    if (guest !== undefined) {
      response.writeHead(200, { 'Content-Type': TYPES['.html'] }).end(guest);
      return;
    }
    try {
      if (!path.startsWith(base)) throw new Error('outside the base');
      const inside = normalize(path.slice(base.length) || 'index.html');
      if (inside.startsWith('..')) throw new Error('outside the folder');
      const body = await readFile(join(folder, inside));
      const type = TYPES[extname(inside)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY }).end(body);
    } catch {
      response.writeHead(404, { 'Content-Type': TYPES['.txt'] }).end(`not found: ${path}`);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    origin: `http://127.0.0.1:${port}`,
    // The same server by another name: to a browser, another site.
    otherOrigin: `http://localhost:${port}`,
    base,
    addPage: (path, html) => guests.set(path, html),
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
