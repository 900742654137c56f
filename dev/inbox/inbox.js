'use strict';

const REFRESH_MS = 1_500;
const SHOWN = 200;
const byId = (id) => document.getElementById(id);
const recipient = byId('recipient');
let messages = [];
let replies = [];
let drawn = '';

/** Makes an element; texts are set as texts, never as markup. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function request(path, method = 'GET', body = undefined) {
  const answer = await fetch(path, { method, ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}) });
  const document = await answer.json();
  if (!answer.ok) throw new Error(document.detail ?? document.title ?? `HTTP ${answer.status}`);
  return document;
}

function time(iso) {
  return element('time', { dateTime: iso, textContent: new Date(iso).toLocaleString() });
}

function mailCard(mail) {
  const card = element('article', { className: 'card' });
  card.append(element('p', { className: 'meta' }, element('span', { textContent: `To ${mail.to}` }), time(mail.sentAt)), element('h3', { textContent: mail.subject || '(no subject)' }));
  if (mail.html) {
    const frame = element('iframe', { title: mail.subject || 'E-mail', loading: 'lazy' });
    // Nothing of a mail runs here; links open elsewhere.
    frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
    frame.srcdoc = `<base target="_blank">${mail.html}`;
    card.append(frame, element('details', {}, element('summary', { textContent: 'As text' }), element('pre', { textContent: mail.text })));
  } else card.append(element('pre', { textContent: mail.text }));
  return card;
}

function conversation(number, texts) {
  const card = element('article', { className: 'card' }, element('h3', { textContent: number }));
  for (const text of texts) {
    const bubble = element('div', { className: text.mine ? 'bubble mine' : 'bubble' }, text.text, time(text.sentAt));
    card.append(bubble);
  }
  const answer = element('input', { name: 'body', required: true, maxLength: 1600, placeholder: 'Answer', autocomplete: 'off' });
  answer.setAttribute('aria-label', `Answer as ${number}`);
  const form = element('form', { className: 'reply' }, answer, element('button', { type: 'submit', textContent: 'Send' }));
  form.dataset.number = number;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const last = texts.findLast((text) => !text.mine);
    request('/dev/phone/reply', 'POST', { from: number, to: last?.from, body: answer.value }).then(({ taken }) => {
      answer.value = '';
      say(taken ? `Answer of ${number} delivered.` : `The answer of ${number} was not taken.`);
      return refresh();
    }, say);
  });
  card.append(form);
  return card;
}

function say(what) {
  byId('state').textContent = what instanceof Error ? what.message : what;
}

function fits(who) {
  const wanted = recipient.value.trim().toLowerCase();
  return wanted === '' || who.includes(wanted);
}

/** Does not draw over an answer that is being written. */
function beingWritten() {
  const form = document.activeElement?.closest?.('.reply');
  return Boolean(form?.elements.body.value);
}

function draw() {
  const signature = [recipient.value, messages[0]?.id, messages.length, replies[0]?.id].join();
  if (signature === drawn || beingWritten()) return;
  drawn = signature;
  const mails = messages.filter((message) => message.channel === 'email' && fits(message.to)).slice(0, SHOWN);
  byId('mails').replaceChildren(...(mails.length > 0 ? mails.map(mailCard) : [element('p', { className: 'empty', textContent: 'No e-mails.' })]));
  const numbers = new Map();
  const texts = [...messages.filter((message) => message.channel === 'sms').map((text) => ({ ...text, number: text.to })), ...replies.map((text) => ({ ...text, number: text.from, mine: true }))];
  texts.sort((a, b) => b.sentAt.localeCompare(a.sentAt));
  for (const text of texts.filter(({ number }) => fits(number)).slice(0, SHOWN)) numbers.set(text.number, [text, ...(numbers.get(text.number) ?? [])]);
  byId('texts').replaceChildren(...(numbers.size > 0 ? [...numbers].map(([number, own]) => conversation(number, own)) : [element('p', { className: 'empty', textContent: 'No text messages.' })]));
  byId('recipients').replaceChildren(...[...new Set(messages.map((message) => message.to))].slice(0, SHOWN).map((to) => element('option', { value: to })));
}

async function refresh() {
  [messages, replies] = await Promise.all([request('/dev/messages?limit=400'), request('/dev/phone/replies')]);
  draw();
}

function showFaults(faults) {
  const form = byId('faults');
  form.elements.mode.value = faults.mode;
  form.elements.mail.value = faults.mail;
  form.elements.undeliverable.value = faults.undeliverable.join('\n');
  const on = [faults.mode !== 'none' && `texts: ${faults.mode}`, faults.mail !== 'none' && `e-mail: ${faults.mail}`, faults.undeliverable.length > 0 && `${faults.undeliverable.length} undeliverable`].filter(Boolean);
  byId('faults-now').textContent = on.join(', ') || 'none';
  byId('switches').classList.toggle('on', on.length > 0);
}

byId('faults').addEventListener('submit', (event) => {
  event.preventDefault();
  const { mode, mail, undeliverable } = event.target.elements;
  const list = undeliverable.value.split(/\s+/).filter(Boolean);
  request('/dev/phone/faults', 'PUT', { mode: mode.value, mail: mail.value, undeliverable: list }).then(showFaults, say);
});
recipient.addEventListener('input', draw);
recipient.value = new URLSearchParams(location.search).get('to') ?? '';

async function follow() {
  try {
    await refresh();
    if (byId('state').textContent.startsWith('Not connected')) say('');
  } catch {
    say('Not connected: is the instance running?');
  }
  setTimeout(follow, REFRESH_MS);
}
request('/dev/phone/faults').then(showFaults, say);
follow();
