// <decoupled-playground>: a scene that runs in a page of yours.
//
//   <script src="https://your.site/decoupled/embed.js" defer></script>
//   <decoupled-playground scene="visibility-timeout" autoplay></decoupled-playground>
//   <decoupled-playground src="shop.scene.json" mode="play" theme="dark" height="480"></decoupled-playground>
//   <decoupled-playground><script type="application/json">{ "version": 1, … }</script></decoupled-playground>
//
// `src` is a share link or the address of a scene file; `scene` is a scene as text, or the id of a ready one. It starts
// when it is scrolled near. The element has the methods of `window.decoupled`: load, scene, play, pause, step, stepBack,
// next, seek, runUntil, restart, report, trace, digest, now, on, and the number `speed`.
'use strict';
(() => {
  const PAGE = new URL('index.html', document.currentScript.src);
  const METHODS = [
    'load', 'scene', 'play', 'pause', 'step', 'stepBack', 'next', 'seek', 'runUntil', 'restart', 'report', 'trace', 'digest', 'now',
  ];
  // How far from the window it starts, and what an address may take at most.
  const NEAR = '240px';
  const SHARE_CHARS_MAX = 32_000;

  const STYLE = new CSSStyleSheet();
  STYLE.replaceSync(`
    :host { display: block; margin: 0; }
    :host([hidden]) { display: none; }
    .frame {
      position: relative; box-sizing: border-box; width: 100%; overflow: hidden; border-radius: 12px;
      border: 1px solid color-mix(in srgb, CanvasText 14%, Canvas);
      background: color-mix(in srgb, CanvasText 3%, Canvas);
    }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    p {
      position: absolute; inset: 0; display: grid; place-content: center; margin: 0; padding: 16px; text-align: center;
      font: 14px/1.5 system-ui, sans-serif; color: color-mix(in srgb, CanvasText 70%, Canvas);
    }
  `);

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) target.start();
  }, { rootMargin: NEAR });

  class DecoupledPlayground extends HTMLElement {
    static observedAttributes = ['src', 'scene', 'mode', 'theme', 'height', 'autoplay', 'label'];

    #box = Object.assign(document.createElement('div'), { className: 'frame' });
    #frame = null;
    #begun = null;
    #isReady = null;
    #asked = new Map();
    #listeners = new Map();
    #speed = 1;
    #hear = (event) => this.#heard(event);

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [STYLE];
      root.append(this.#box);
    }

    connectedCallback() {
      addEventListener('message', this.#hear);
      this.#rest();
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      removeEventListener('message', this.#hear);
      this.#rest();
    }

    attributeChangedCallback(name, before, after) {
      if (!this.isConnected || before === after) return;
      const wasBegun = Boolean(this.#begun);
      if (name === 'height') this.#size();
      else {
        this.#rest();
        if (wasBegun) this.start();
      }
    }

    /** Before it is begun, and after it is gone: a calm place of the right size. */
    #rest() {
      for (const { reject } of this.#asked.values()) reject(new Error('the playground was taken away'));
      this.#asked.clear();
      this.#frame = null;
      this.#begun = null;
      this.#size();
      this.#box.replaceChildren(Object.assign(document.createElement('p'), { textContent: this.#label() }));
    }

    #size() {
      const height = this.getAttribute('height') ?? '420';
      this.#box.style.height = /^\d+$/.test(height) ? `${height}px` : height;
    }

    #label() {
      return this.getAttribute('label') ?? 'Decoupled playground';
    }

    /** Starts at once, wherever it is; resolves when it can be asked. */
    start() {
      this.#begun ??= this.#begin();
      return this.#begun;
    }

    async #begin() {
      near.unobserve(this);
      const { hash, scene } = await this.#source();
      const asked = ['mode', 'theme'].filter((name) => this.hasAttribute(name));
      const parts = [`mode=embed`, ...asked.map((name) => `${name}=${encodeURIComponent(this.getAttribute(name))}`)];
      if (this.hasAttribute('autoplay')) parts.push('autoplay');
      if (location.origin !== 'null') parts.push(`allow=${encodeURIComponent(location.origin)}`);
      const frame = Object.assign(document.createElement('iframe'), {
        title: this.#label(),
        allow: 'fullscreen; clipboard-write',
        src: `${PAGE}#${[hash, ...parts].filter(Boolean).join('&')}`,
      });
      if (this.hasAttribute('sandboxed')) frame.setAttribute('sandbox', 'allow-scripts allow-popups allow-downloads');
      const ready = new Promise((resolve) => { this.#isReady = resolve; });
      this.#frame = frame;
      this.#box.replaceChildren(frame);
      await ready;
      for (const name of this.#listeners.keys()) this.#ask('on', [name]).catch(() => {});
      // What does not fit into an address is handed over.
      if (scene) await this.#ask('load', [scene]);
      if (scene && this.hasAttribute('autoplay')) await this.#ask('play', []);
    }

    /** The part of the address that names the scene, or the scene itself. */
    async #source() {
      const src = this.getAttribute('src');
      if (src?.includes('#')) return { hash: src.slice(src.indexOf('#') + 1) };
      const own = this.querySelector('script[type="application/json"]')?.textContent;
      const text = src ? await this.#file(src) : this.getAttribute('scene') ?? own;
      if (!text) return {};
      if (!text.trimStart().startsWith('{')) return { hash: `gallery=${encodeURIComponent(text)}` };
      const share = await pressed(text).catch(() => null);
      return share && share.length <= SHARE_CHARS_MAX ? { hash: `s=${share}` } : { scene: text };
    }

    async #file(src) {
      const answer = await fetch(new URL(src, document.baseURI));
      if (!answer.ok) this.#say(`${src} could not be loaded: the server answered ${answer.status}.`);
      if (!answer.ok) throw new Error(`${src} answered ${answer.status}`);
      return answer.text();
    }

    #say(text) {
      this.#box.replaceChildren(Object.assign(document.createElement('p'), { textContent: text }));
    }

    #heard({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || data?.decoupled !== 1) return;
      if (origin !== PAGE.origin && origin !== 'null') return;
      if (data.event === 'ready') this.#isReady();
      if (data.event) return this.#tell(data.event, data.detail);
      const asked = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if (!asked) return;
      if (data.error) asked.reject(Object.assign(new Error(data.error.message), { problems: data.error.problems }));
      else asked.resolve(data.result);
    }

    #tell(name, detail) {
      if (name === 'state') this.#speed = detail.speed;
      this.dispatchEvent(new CustomEvent(`decoupled-${name}`, { detail }));
      for (const listener of this.#listeners.get(name) ?? []) listener(detail);
    }

    #ask(method, args) {
      return new Promise((resolve, reject) => {
        const id = crypto.randomUUID?.() ?? `${Math.random()}`;
        this.#asked.set(id, { resolve, reject });
        // A sandboxed frame has no origin that could be named.
        const to = this.hasAttribute('sandboxed') ? '*' : PAGE.origin;
        this.#frame.contentWindow.postMessage({ decoupled: 1, id, method, args }, to);
      });
    }

    /** Asks the page in the frame, starting it if need be. */
    async ask(method, ...args) {
      await this.start();
      return this.#ask(method, args);
    }

    /** Gives the function that ends the subscription. */
    on(name, listener) {
      const isNew = !this.#listeners.has(name);
      if (isNew) this.#listeners.set(name, new Set());
      this.#listeners.get(name).add(listener);
      if (isNew && this.#begun) this.#begun.then(() => this.#ask('on', [name])).catch(() => {});
      return () => this.#listeners.get(name).delete(listener);
    }

    get speed() {
      return this.#speed;
    }

    set speed(speed) {
      this.#speed = Number(speed);
      this.ask('speed', this.#speed).catch(() => {});
    }
  }

  for (const method of METHODS) {
    DecoupledPlayground.prototype[method] = function call(...args) { return this.ask(method, ...args); };
  }

  /** A scene as it stands in a share link: a version byte, and the text deflated, as base64url. */
  async function pressed(text) {
    const compact = JSON.stringify(JSON.parse(text));
    const stream = new Blob([compact]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const characters = [1, ...bytes].map((byte) => String.fromCharCode(byte)).join('');
    return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }

  customElements.define('decoupled-playground', DecoupledPlayground);
})();
