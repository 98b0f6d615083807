// A static web server for the built page: under any path, and as strict as any host may be.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

// The page has to live with this policy: nothing inline, nothing from elsewhere.
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
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

// A frame in a sandbox has no origin of its own: without this, its page may not even load its own program.
const FOR_SANDBOXES = { 'Access-Control-Allow-Origin': '*' };

/**
 * Serves `folder` under `base` and nothing anywhere else, so that an address that forgets the base is a 404.
 * Pages of somebody else, such as one that embeds ours, can be added with `addPage`; the policy binds them only if they
 * ask for it. `requests` lists the paths that were asked for.
 */
export async function startServer(folder, base = '/', { sandboxes = true } = {}) {
  const guests = new Map();
  const requests = [];
  const policy = { 'Content-Security-Policy': POLICY, ...(sandboxes ? FOR_SANDBOXES : {}) };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(path);
    const guest = guests.get(path);
    if (guest !== undefined) {
      const headers = { 'Content-Type': TYPES[extname(path)] ?? TYPES['.html'], ...(guest.strict ? policy : {}) };
      response.writeHead(200, headers).end(guest.content);
      return;
    }
    try {
      if (!path.startsWith(base)) throw new Error('outside the base');
      const inside = normalize(path.slice(base.length) || 'index.html');
      if (inside.startsWith('..')) throw new Error('outside the folder');
      const body = await readFile(join(folder, inside));
      const type = TYPES[extname(inside)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...policy }).end(body);
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
    requests,
    addPage: (path, content, { strict = false } = {}) => guests.set(path, { content, strict }),
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
