// The yardstick: React Flow's own way to show 25 nodes, or as many as the address says, built for publishing.

import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Background, Controls, MiniMap, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';

const count = Number(new URLSearchParams(location.search).get('nodes') ?? 25);
const columns = Math.ceil(Math.sqrt(count));
const nodes = Array.from({ length: count }, (_, index) => ({
  id: `n${index}`,
  position: { x: (index % columns) * 260, y: Math.floor(index / columns) * 140 },
  data: { label: `Node ${index}` },
}));
const edges = nodes.slice(1).map(({ id }, index) => ({ id: `e${index}`, source: `n${index}`, target: id, animated: true }));
const parts = [Background, Controls, MiniMap].map((part) => createElement(part, { key: part.name ?? part.displayName }));

createRoot(document.querySelector('#app')).render(
  createElement('div', { style: { width: '100vw', height: '100vh' } },
    createElement(ReactFlow, { defaultNodes: nodes, defaultEdges: edges, fitView: true }, parts)),
);
