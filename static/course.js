// What the lesson's buttons do, and what its numbers count: by the methods and facts of the playground beside them.
'use strict';
(() => {
  const ACTS = {
    fast: async (playground) => {
      playground.speed = 5;
      await playground.play();
    },
    expiry: async (playground) => {
      stopAt.set(playground, 'VisibilityTimeoutExpired');
      await playground.play();
    },
    restart: async (playground) => {
      await playground.pause();
      await playground.restart();
      counts.get(playground)?.forEach((_, fact, all) => all.set(fact, 0));
      show(playground);
    },
    minute: (playground) => playground.runUntil('60s'),
  };
  const stopAt = new Map();
  const counts = new Map();

  const show = (playground) => {
    for (const field of playground.closest('figure').querySelectorAll('[data-count]')) {
      field.textContent = counts.get(playground)?.get(field.dataset.count) ?? 0;
    }
  };

  for (const playground of document.querySelectorAll('decoupled-playground')) {
    counts.set(playground, new Map());
    playground.on('fact', ({ fact }) => {
      const seen = counts.get(playground);
      seen.set(fact, (seen.get(fact) ?? 0) + 1);
      show(playground);
      if (stopAt.get(playground) === fact) {
        stopAt.delete(playground);
        playground.pause();
      }
    });
  }

  for (const button of document.querySelectorAll('button[data-do]')) {
    const playground = document.getElementById(button.dataset.for);
    button.addEventListener('click', () => {
      ACTS[button.dataset.do](playground).catch((error) => console.error(error.message));
    });
  }
})();
