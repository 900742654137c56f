'use strict';

const REFRESH_MS = 1_500;
const SHOWN = 200;
const RECIPIENTS = 60;
const byId = (id) => document.getElementById(id);
const recipient = byId('recipient');
const opened = new Set();
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
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return element('time', { dateTime: iso, title: iso, textContent: today ? at.toLocaleTimeString() : at.toLocaleString() });
}

/** The mail as its reader sees it, as high as it is. Nothing of it runs here; its links open elsewhere. */
function mailFrame(mail) {
  const frame = element('iframe', { title: mail.subject || 'E-mail' });
  // Without scripts: "same origin" lets this page measure the mail, and the mail can do nothing with it.
  frame.setAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  frame.srcdoc = `<base target="_blank">${mail.html}`;
  frame.addEventListener('load', () => {
    frame.style.height = `${frame.contentDocument.documentElement.scrollHeight}px`;
  });
  return frame;
}

function mailCard(mail) {
  const card = element('details', { className: 'card', open: opened.has(mail.id) }, element('summary', {}, element('span', { textContent: mail.subject || '(no subject)' }), time(mail.sentAt)));
  const fill = () => {
    if (!card.open || card.childElementCount > 1) return;
    const text = element('pre', { textContent: mail.text });
    card.append(...(mail.html ? [mailFrame(mail), element('details', { className: 'plain' }, element('summary', { textContent: 'As text' }), text)] : [text]));
  };
  card.addEventListener('toggle', () => {
    if (card.open) opened.add(mail.id);
    else opened.delete(mail.id);
    fill();
  });
  fill();
  return card;
}

function conversation(number, texts) {
  const card = element('article', { className: 'card phone' }, element('h3', { textContent: number }));
  for (const text of texts) card.append(element('div', { className: text.mine ? 'bubble mine' : 'bubble' }, text.text, time(text.sentAt)));
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
  return who.includes(recipient.value.trim().toLowerCase());
}

/** Messages by whom they are for, the one with the newest first; at most as many as are shown. */
function byRecipient(all, whoOf) {
  const groups = new Map();
  for (const message of all.filter((each) => fits(whoOf(each))).slice(0, SHOWN)) groups.set(whoOf(message), [...(groups.get(whoOf(message)) ?? []), message]);
  return [...groups];
}

function empty(what) {
  return [element('p', { className: 'empty', textContent: recipient.value ? `No ${what} for "${recipient.value}".` : `No ${what} yet.` })];
}

function drawRecipients() {
  const counts = new Map();
  for (const { to } of messages) counts.set(to, (counts.get(to) ?? 0) + 1);
  const entry = (label, value, count) => {
    const button = element('button', { type: 'button' }, element('span', { textContent: label }), element('span', { textContent: count }));
    button.setAttribute('aria-current', String(recipient.value === value));
    button.addEventListener('click', () => choose(value));
    return element('li', {}, button);
  };
  // Whoever was chosen stands among the others; what is being looked for stands alone.
  const found = [...counts].filter(([to]) => counts.has(recipient.value) || fits(to)).slice(0, RECIPIENTS);
  byId('recipients').replaceChildren(entry('Everybody', '', messages.length), ...found.map(([to, count]) => entry(to, to, count)));
}

function drawMails() {
  const mails = messages.filter(({ channel }) => channel === 'email');
  const groups = byRecipient(mails, ({ to }) => to);
  byId('mails').replaceChildren(...(groups.length > 0 ? groups.flatMap(([to, own]) => [element('h3', { textContent: to }), ...own.map(mailCard)]) : empty('e-mails')));
}

function drawTexts() {
  const texts = [...messages.filter(({ channel }) => channel === 'sms').map((text) => ({ ...text, number: text.to })), ...replies.map((text) => ({ ...text, number: text.from, mine: true }))];
  texts.sort((a, b) => b.sentAt.localeCompare(a.sentAt));
  const groups = byRecipient(texts, ({ number }) => number);
  byId('texts').replaceChildren(...(groups.length > 0 ? groups.map(([number, own]) => conversation(number, own.reverse())) : empty('text messages')));
}

/** Draws what is new. Not over an answer that is being written; who was about to write one stays there. */
function draw() {
  const signature = [recipient.value, messages[0]?.id, messages.length, replies[0]?.id].join();
  const writing = document.activeElement?.closest?.('.reply');
  if (signature === drawn || writing?.elements.body.value) return;
  drawn = signature;
  drawRecipients();
  drawMails();
  drawTexts();
  if (writing) document.querySelector(`.reply[data-number="${writing.dataset.number}"] input`)?.focus();
}

function choose(value) {
  recipient.value = value;
  draw();
  document.querySelector('nav [aria-current="true"]')?.focus();
}

async function refresh() {
  const [arrived, answered] = await Promise.all([request('/dev/messages?limit=400'), request('/dev/phone/replies')]);
  // What comes in while one looks on is there to be read: the newest mail is open.
  const newest = arrived.find(({ channel }) => channel === 'email');
  if (newest && newest.id !== messages.find(({ channel }) => channel === 'email')?.id) opened.add(newest.id);
  [messages, replies] = [arrived, answered];
  draw();
}

function showFaults(faults) {
  const form = byId('faults');
  // Closed until it shows what is: a late answer would undo what somebody has entered meanwhile.
  form.querySelector('fieldset').disabled = false;
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
  request('/dev/phone/faults', 'PUT', { mode: mode.value, mail: mail.value, undeliverable: list }).then((faults) => {
    showFaults(faults);
    say('Faults are set.');
  }, say);
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
