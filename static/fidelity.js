// Filters the facts while somebody types: every word has to stand somewhere in a fact.
'use strict';
(() => {
  const form = document.querySelector('.filter');
  const field = document.getElementById('filter');
  const found = document.getElementById('found');
  const facts = [...document.querySelectorAll('.fact')].map((fact) => ({ fact, text: fact.textContent.toLowerCase() }));
  const groups = [...document.querySelectorAll('.group'), ...document.querySelectorAll('.sheet')];

  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { fact, text } of facts) {
      fact.hidden = !words.every((word) => text.includes(word));
      if (!fact.hidden) count += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector('.fact:not([hidden])');
    found.textContent = words.length ? `${count} of ${facts.length} facts` : `${facts.length} facts`;
  };

  // Whoever follows a link to a fact that is filtered out wants to see it.
  addEventListener('hashchange', () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.closest('[hidden]')) return;
    field.value = '';
    filter();
    target.scrollIntoView();
  });

  form.addEventListener('submit', (event) => event.preventDefault());
  field.addEventListener('input', filter);
  form.hidden = false;
  // A browser that comes back to the page may have kept what was typed.
  if (field.value) filter();
})();
