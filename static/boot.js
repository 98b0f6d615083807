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

  const program = document.querySelector('meta[name="decoupled-program"]').content;
  const [script, wasm] = program.split(' ').map((address) => new URL(address, document.baseURI).href);
  import(script)
    .then(async (bindings) => {
      const instance = await bindings.default({ module_or_path: wasm });
      // What Trunk's own starter offers to scripts of the page.
      window.wasmBindings = bindings;
      dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm: instance } }));
    })
    .catch((error) => {
      console.error(error);
      say(
        { text: 'Decoupled could not start. It needs a current browser with WebAssembly; reloading may help.' },
        { text: String(error), as: 'code' },
      );
    });
})();
