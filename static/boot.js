// Starts the program, and says why when it does not start.
//
// A classic script in a file of its own: a strict content security policy allows it, and it runs even where a page
// opened from a disk may not load modules, so that somebody is there to say so.
'use strict';
(() => {
  const say = (...lines) => {
    const boot = document.querySelector('.boot');
    if (!boot) return; // the program is up and shows its own state
    boot.dataset.failed = '';
    boot.querySelector('p').replaceChildren(
      ...lines.map(({ text, as = 'span' }) => Object.assign(document.createElement(as), { textContent: text })),
    );
  };

  if (location.protocol === 'file:') {
    say(
      { text: 'Decoupled needs a web server: a browser does not run WebAssembly from a file.' },
      { text: 'In the repository, this starts one:' },
      { text: 'cargo xtask serve', as: 'code' },
    );
    return;
  }

  const isFramed = parent !== window;
  const program = document.querySelector('meta[name="decoupled-program"]').content;
  const [script, wasm, rest, jsonata] = program.split(' ').map((address) => new URL(address, document.baseURI).href);

  // A published program comes in parts (`cargo xtask build`): what a first visit needs, the rest, and JSONata for the
  // scenes that have it. They take their places in the function table of the first part. A global says that one is there.
  const [REST, JSONATA] = [{ address: rest, joined: 'joined' }, { address: jsonata, joined: 'joinedJsonata' }];
  const compile = (part) => WebAssembly.compileStreaming(fetch(part.address)).then((module) => { part.compiled = module; });
  const join = (part, exports) => {
    // A browser may refuse to instantiate much at once, but not what it has compiled already.
    new WebAssembly.Instance(part.compiled, { first: exports });
    exports[part.joined].value = 1;
  };

  // Once the page runs it is kept for visits without a network (static/sw.js). Not in a frame, which is a part of
  // somebody else's page, nor where somebody works on it and wants to see every change.
  const KEPT_AFTER_MS = 3000;
  const keepForLater = () => {
    const isWorkedOn = [...document.scripts].some(({ textContent }) => textContent.includes('.well-known/trunk/ws'));
    if (isFramed || isWorkedOn || !navigator.serviceWorker) return;
    navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch((error) => {
      console.info('Decoupled is not kept for visits without a network:', error);
    });
  };

  // Once the first scene moves, or somebody touches the page. Until then a mouse that passes over it is ignored: it
  // would wait for the rest.
  const FIRST_FRAMES_MS = 400;
  const HANDS = ['pointermove', 'pointerdown', 'keydown', 'dragenter', 'focusin'];
  const PASSING = ['pointermove', 'pointerover', 'pointerout'];
  const joinSoon = (exports) => {
    const passes = (event) => exports.joined.value || event.stopImmediatePropagation();
    const begin = () => {
      clearTimeout(timer);
      for (const name of HANDS) removeEventListener(name, begin, true);
      (REST.compiled ? Promise.resolve() : compile(REST))
        .then(() => exports.joined.value || join(REST, exports))
        .then(() => setTimeout(keepForLater, KEPT_AFTER_MS))
        .catch((error) => console.warn('The rest of Decoupled will be loaded when it is needed:', error))
        .finally(() => PASSING.forEach((name) => removeEventListener(name, passes, true)));
    };
    const timer = setTimeout(begin, FIRST_FRAMES_MS);
    for (const name of HANDS) addEventListener(name, begin, { capture: true, passive: true });
    for (const name of PASSING) addEventListener(name, passes, true);
  };

  // The program cannot go on without a function of a part, so it waits for it here.
  const joinNow = (part, exports) => {
    try {
      part.compiled ??= compileNow(part.address);
      join(part, exports);
    } catch (error) {
      missing();
      throw error;
    }
  };
  window.decoupledJoinRest = (exports) => joinNow(REST, exports);
  window.decoupledJoinJsonata = (exports) => joinNow(JSONATA, exports);
  const compileNow = (address) => {
    const request = new XMLHttpRequest();
    request.open('GET', address, false);
    // A request that is waited for gives no bytes, only text: one character a byte.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status !== 200) throw new Error(`${address} answered ${request.status}`);
    return new WebAssembly.Module(Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff));
  };
  const missing = () => rescue(
    'A part of Decoupled is missing',
    'It could not be loaded. Your scene is kept in this browser; a reload brings it back.',
  );

  // What was under way is broken off in the middle: only a fresh start helps. Without the program nothing answers clicks
  // any more, so the ways out are plain links.
  const rescue = (title, text, what) => {
    if (document.querySelector('.rescue')) return;
    const element = (name, properties) => Object.assign(document.createElement(name), properties);
    const screen = element('div', { className: 'rescue', role: 'alert' });
    screen.dataset.testid = 'rescue';
    screen.append(
      element('h1', { textContent: title }),
      element('p', { textContent: text }),
      // By hand: a link to an address with a # would stay where it is.
      element('a', { textContent: 'Reload', href: location.href, onclick: (event) => { event.preventDefault(); location.reload(); } }),
    );
    if (what) {
      const kept = ask('localStorage', 'getItem', `decoupled.${/[#&]kept=(\d+)/.exec(location.hash)?.[1]?.replace(/^/, 'copy.') ?? 'scene'}`);
      screen.append(
        element('a', { textContent: 'Start with the first scene instead', href: '?fresh' }),
        element('pre', { textContent: what }),
        ...(kept ? [element('textarea', { value: kept, readOnly: true, ariaLabel: 'Autosaved scene' })] : []),
      );
    }
    document.body.append(screen);
  };

  // A page that broke, or was ended by the browser before it could leave, does not run by itself again.
  const ask = (storage, method, ...values) => {
    try {
      return window[storage][method](...values);
    } catch {
      return null; // a frame may have none
    }
  };
  const [BROKE, OPEN] = ['decoupled.broke', 'decoupled.open'];
  const wasHere = (mark) => ask('sessionStorage', 'getItem', mark) === location.hash;
  // A tab that is duplicated has its marks, too.
  const isReload = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  window.decoupledBroke = wasHere(BROKE) || (!isFramed && isReload && wasHere(OPEN));
  ask('sessionStorage', 'removeItem', BROKE);
  if (!isFramed) {
    const enter = () => ask('sessionStorage', 'setItem', OPEN, location.hash);
    enter();
    addEventListener('pageshow', enter);
    addEventListener('pagehide', () => ask('sessionStorage', 'removeItem', OPEN));
  }
  const broken = (text, what) => {
    ask('sessionStorage', 'setItem', BROKE, location.hash);
    rescue('Something broke', text, what);
  };
  // The program's own words, when it notices a mistake.
  window.decoupledRescue = (what) => broken(
    'This is a mistake in Decoupled, not in your scene. Your last autosaved scene is below.', what);
  // What it cannot notice: there is no memory left, or nothing that could tell. A mistake of the engine is told beforehand:
  // the run begins anew, and all else goes on.
  addEventListener('error', ({ error }) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    if (window.decoupledTakes) window.decoupledTakes = false;
    else broken('Its memory ran out, or its program broke. A reload gives the memory back; the scene does not start by itself then. Your last autosaved scene is below.', String(error));
  });

  // Whoever comes back finds a scene of their own, which may need anything; so does who follows a link, or reads a page
  // that frames a scene.
  const mayNeedAll = () => {
    try {
      return isFramed || location.hash.length > 1 || localStorage.length > 0;
    } catch {
      return false; // a frame may have none
    }
  };
  // A scene that has JSONata needs its interpreter before anything else is said of it. A shared one stands in the address:
  // a byte, and the text deflated.
  const TEXT_MAX = 4e6;
  const hasJsonata = async () => {
    const [, name, asked] = /[#&](s|kept)=([\w-]+)/.exec(location.hash) ?? [];
    if (name !== 's') return (ask('localStorage', 'getItem', asked ? `decoupled.copy.${asked}` : 'decoupled.scene') ?? '').includes('{%');
    const bytes = Uint8Array.from(atob(asked.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
    const reader = new Blob([bytes.subarray(1)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
      .pipeThrough(new TextDecoderStream()).getReader();
    let [text, { value, done }] = ['', await reader.read()];
    while (!done && !text.includes('{%') && text.length < TEXT_MAX) {
      text += value;
      ({ value, done } = await reader.read());
    }
    return text.includes('{%');
  };
  const withJsonata = async () => {
    if (!jsonata || !await hasJsonata().catch(() => false)) return;
    const status = document.querySelector('.boot p');
    if (status) status.textContent = 'Loading, with JSONata for this scene…';
    // What could not be had now is waited for when it is needed.
    await compile(JSONATA).catch(() => {});
  };
  const start = async () => {
    const [bindings] = await Promise.all([import(script), rest && mayNeedAll() && compile(REST), withJsonata()]);
    const exports = await bindings.default({ module_or_path: wasm });
    if (rest) joinSoon(exports);
    else setTimeout(keepForLater, KEPT_AFTER_MS);
    // What Trunk's own starter offers to scripts of the page.
    window.wasmBindings = bindings;
    dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm: exports } }));
  };
  start().catch((error) => {
    console.error(error);
    say(
      { text: 'Decoupled could not start. It needs a current browser with WebAssembly; reloading may help.' },
      ...(origin === 'null' ? [{
        text: 'This frame is sandboxed: the server has to send «Access-Control-Allow-Origin: *», or the sandbox needs allow-same-origin.',
      }] : []),
      { text: String(error), as: 'code' },
    );
  });
})();
