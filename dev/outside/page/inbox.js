// Draws e-mails beside texts, by recipient, and looks for new ones every two seconds.
const recipients = document.getElementById('recipients');
const list = document.getElementById('messages');
const reply = document.getElementById('reply');
let chosen = null;
let shown = '';
let service = '';

const element = (tag, text, attributes = {}) => Object.assign(document.createElement(tag), { textContent: text ?? '' }, attributes);

function drawRecipients(messages) {
  const names = [...new Set(messages.map((message) => message.to))];
  recipients.replaceChildren(...[null, ...names].map((name) => {
    const button = element('button', name ?? 'Everybody', { type: 'button', onclick: () => { chosen = name; shown = ''; refresh(); } });
    if (name === chosen) button.setAttribute('aria-current', 'true');
    return button;
  }));
}

function drawMessage(message) {
  const article = element('article', '', { className: message.channel });
  article.append(element('strong', message.subject ?? 'Text message'), element('br'), element('small', `${message.to} · ${new Date(message.sentAt).toLocaleString()}`), element('br'), element('pre', message.text));
  if (message.html) {
    const details = element('details');
    details.append(element('summary', 'As it looks'), element('iframe', '', { srcdoc: message.html, title: message.subject ?? 'E-mail' }));
    details.querySelector('iframe').setAttribute('sandbox', '');
    article.append(details);
  }
  return article;
}

async function refresh() {
  const all = await (await fetch('/dev/messages')).json();
  const key = `${chosen} ${all.length} ${all[0]?.sentAt}`;
  if (key === shown) return;
  shown = key;
  drawRecipients(all);
  const messages = all.filter((message) => chosen === null || message.to === chosen).slice(0, 100);
  service = messages.find((message) => message.channel === 'sms')?.from ?? '';
  reply.hidden = !(chosen ?? '').startsWith('+');
  list.replaceChildren(...(messages.length > 0 ? messages.map(drawMessage) : [element('p', 'Nothing has arrived yet.')]));
}

reply.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = reply.elements.body.value;
  await fetch('/dev/phone/reply', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ from: chosen, to: service, body }) });
  reply.reset();
  refresh();
});

for (const name of ['mode', 'email']) {
  document.getElementById(name).addEventListener('change', (event) => fetch('/dev/phone/faults', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ [name]: event.target.value }) }));
}
const faults = await (await fetch('/dev/phone/faults')).json();
document.getElementById('mode').value = faults.mode;
document.getElementById('email').value = faults.email;
refresh();
setInterval(refresh, 2000);
