'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const query = $('_query'), list = $('_found'), said = $('_said');
  $('_search').hidden = false;

  // What can be found: each type and each of its attributes, with the text beside it.
  const text = (element) => element ? element.textContent.trim().replace(/\s+/g, ' ') : '';
  const index = [];
  for (const section of document.querySelectorAll('section[id]')) {
    const type = text(section.querySelector('h3 > a'));
    const old = text(section.querySelector('.facts .old'));
    index.push({ id: section.id, name: type, label: type, old, doc: text(section.querySelector('.doc')), weight: 0 });
    for (const row of section.querySelectorAll('tr[id]')) {
      const name = text(row.querySelector('th > a'));
      const doc = [...row.querySelector('.d').childNodes].filter((node) => node.className !== 'wire').map(text).join(' ');
      index.push({ id: row.id, name, label: type + '.' + name, old: text(row.querySelector('.old code')), doc, weight: 1 });
    }
  }
  for (const entry of index) {
    entry.low = [entry.name, entry.label, entry.old, entry.doc].map((part) => part.toLowerCase());
  }

  // The better it fits, the smaller the number.
  const rank = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      const [name, label, old, doc] = entry.low;
      const fits = name === word || label === word || old === word ? 0
        : name.startsWith(word) || label.startsWith(word) ? 1
        : name.includes(word) || label.includes(word) || (old && old.includes(word)) ? 2
        : doc.includes(word) ? 4 : Infinity;
      sum += fits;
    }
    return sum * 2 + entry.weight;
  };

  const MOST = 60;
  let selected = -1;
  const show = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    selected = -1;
    query.removeAttribute('aria-activedescendant');
    if (!words.length) return close();
    const hits = index.map((entry) => [rank(entry, words), entry]).filter(([value]) => value < Infinity)
      .sort((a, b) => a[0] - b[0] || a[1].label.length - b[1].label.length).slice(0, MOST);
    hits.forEach(([, entry], i) => {
      const item = document.createElement('li'), name = document.createElement('strong'), doc = document.createElement('span');
      item.id = '_found-' + i;
      item.setAttribute('role', 'option');
      item.dataset.target = entry.id;
      name.textContent = entry.label;
      doc.textContent = entry.doc;
      item.append(name, doc);
      list.append(item);
    });
    if (!hits.length) {
      const none = document.createElement('li');
      none.className = 'none';
      none.textContent = 'Nothing found';
      list.append(none);
    }
    said.textContent = hits.length === 1 ? '1 result' : hits.length + ' results';
    list.hidden = false;
    query.setAttribute('aria-expanded', 'true');
    if (hits.length) select(0);
  };
  const close = () => {
    list.hidden = true;
    query.setAttribute('aria-expanded', 'false');
  };
  const select = (to) => {
    const items = list.querySelectorAll('[role=option]');
    if (!items.length) return;
    if (items[selected]) items[selected].removeAttribute('aria-selected');
    selected = (to + items.length) % items.length;
    items[selected].setAttribute('aria-selected', 'true');
    items[selected].scrollIntoView({ block: 'nearest' });
    query.setAttribute('aria-activedescendant', items[selected].id);
  };
  const go = (item) => {
    close();
    query.blur();
    if (location.hash === '#' + item.dataset.target) arrive();
    location.hash = item.dataset.target;
  };

  query.addEventListener('input', show);
  query.addEventListener('focus', () => { if (query.value) show(); });
  query.addEventListener('blur', () => setTimeout(close, 150));
  query.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') select(selected + 1);
    else if (event.key === 'ArrowUp') select(selected - 1);
    else if (event.key === 'Enter' && list.children[selected]) go(list.children[selected]);
    else if (event.key === 'Escape') { query.value = ''; close(); query.blur(); }
    else return;
    event.preventDefault();
  });
  list.addEventListener('mousedown', (event) => {
    const item = event.target.closest('[role=option]');
    event.preventDefault();
    if (item) go(item);
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest && event.target.closest('input[type=search], textarea');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
      query.select();
    }
  });

  // A link may lead to what the chosen version hides, or to a closed part.
  const arrive = () => {
    let target;
    try { target = $(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target || target.matches('nav, main')) return;
    if (target.closest('.o1') && $('_two').checked || target.closest('.o2') && $('_one').checked) $('_both').checked = true;
    const closed = target.closest('details:not([open])');
    if (closed) closed.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', arrive);
  if (location.hash) arrive();

  // What the reader looks at stays where it is when a choice changes the length of what stands above.
  let kept = [];
  const keep = (event) => {
    const main = $('_content');
    const at = main.contains(event.target) && event.type === 'pointerdown' ? event.target
      : document.elementFromPoint(main.getBoundingClientRect().left + 80, document.querySelector('header').offsetHeight + 40);
    kept = at ? [at, at.closest('tr'), at.closest('section')].filter(Boolean).map((element) => [element, element.getBoundingClientRect().top]) : [];
  };
  const stay = () => {
    const [element, top] = kept.find(([element]) => element.getClientRects().length) || [];
    if (element) scrollBy(0, element.getBoundingClientRect().top - top);
  };
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, keep, true);

  // The choices outlive the page where the browser allows it.
  const store = (key, value) => { try { if (value === undefined) return localStorage.getItem(key); localStorage.setItem(key, value); } catch { return null; } };
  for (const name of ['version', 'format']) {
    const chosen = store('cimi-' + name);
    for (const input of document.getElementsByName(name)) {
      if (input.id === chosen) input.checked = true;
      input.addEventListener('change', () => { stay(); store('cimi-' + name, input.id); });
    }
  }

  // Colours in examples, and the type in the list, as they come into view.
  const safe = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }[c]));
  const JSON_PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(-?\d[\d.eE+-]*|true|false|null)\b/g;
  const XML_PARTS = /(<\/?[^\s>\/]+|\/?>)|(\s[^\s=<>]+=)?("[^"]*")/g;
  const paint = (code, json) => {
    const source = code.textContent;
    let html = '', last = 0;
    for (const part of source.matchAll(json ? JSON_PARTS : XML_PARTS)) {
      html += safe(source.slice(last, part.index));
      last = part.index + part[0].length;
      if (json) html += part[3] ? `<span class="l">${part[3]}</span>` : `<span class="${part[2] ? 't' : 's'}">${safe(part[1])}</span>${part[2] || ''}`;
      else html += part[1] ? `<span class="t">${safe(part[1])}</span>` : `${safe(part[2] || '')}<span class="s">${safe(part[3])}</span>`;
    }
    code.innerHTML = html + safe(source.slice(last));
  };
  const painter = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      painter.unobserve(target);
      paint(target.firstElementChild, !target.classList.contains('x'));
    }
  }, { rootMargin: '400px' });
  document.querySelectorAll('pre').forEach((pre) => painter.observe(pre));

  let current;
  const spy = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      const link = document.querySelector(`nav a[href="#${CSS.escape(target.id)}"]`);
      if (!link || link === current) continue;
      if (current) current.removeAttribute('aria-current');
      current = link;
      link.setAttribute('aria-current', 'true');
      const box = $('_types').getBoundingClientRect(), at = link.getBoundingClientRect();
      if (at.top < box.top || at.bottom > box.bottom) $('_types').scrollTop += at.top - box.top - box.height / 3;
    }
  }, { rootMargin: '-20% 0px -75% 0px' });
  document.querySelectorAll('section[id]').forEach((section) => spy.observe(section));

  // Paper has nothing to click on.
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
})();
