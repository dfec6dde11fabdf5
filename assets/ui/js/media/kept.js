// Large files on their way, kept on this device with the address they go to, so that a reload resumes them.
// An upload: { id, user, place, name, type, size, location, at }, and what else its place is told by. Its file lies beside it, written once.

const NAME = 'larder-uploads';
const [UPLOADS, FILES] = ['uploads', 'files'];
const LIFETIME = 7 * 24 * 60 * 60 * 1000;
// What this tab is sending: where the browser has no locks, other tabs do not know.
const own = new Set();
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(UPLOADS, { keyPath: 'id' });
      request.result.createObjectStore(FILES);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('storage is blocked'));
  });
  return opening;
}

async function run(stores, mode, work) {
  const transaction = (await open()).transaction(stores, mode);
  return new Promise((resolve, reject) => {
    const request = work(...[stores].flat().map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps an upload with its file. Rejects where storage is blocked or full. */
export async function keep(upload, file) {
  await run([UPLOADS, FILES], 'readwrite', (uploads, files) => {
    files.put(file, upload.id);
    return uploads.put(upload);
  });
  hold(upload.id);
}

/** Writes down what changed of an upload; nothing when it was forgotten meanwhile. */
export function update(upload) {
  return run(UPLOADS, 'readwrite', (uploads) => {
    const request = uploads.get(upload.id);
    request.onsuccess = () => { if (request.result) uploads.put(upload); };
    return request;
  });
}

/** Forgets an upload that has ended. */
export function forget(id) {
  return run([UPLOADS, FILES], 'readwrite', (uploads, files) => {
    files.delete(id);
    return uploads.delete(id);
  });
}

/** Where uploads are kept for: the person, the screen, and the field. */
export function placeOf(element, path) {
  const editor = element.closest('[data-entry]');
  const { type, locale, entry } = editor?.dataset ?? {};
  return [type, entry, locale, path].join(' ');
}

/** The uploads of this person that were on their way to `place` and that no open tab is sending, with their files. */
export async function keptFor(place) {
  const all = await run(UPLOADS, 'readonly', (uploads) => uploads.getAll());
  const busy = await sending();
  const found = [];
  for (const upload of all) {
    if (busy.has(upload.id)) continue;
    if (Date.now() - upload.at > LIFETIME) await forget(upload.id);
    else if (upload.place === place && upload.user === person()) {
      const blob = await run(FILES, 'readonly', (files) => files.get(upload.id));
      if (blob) found.push({ ...upload, file: new File([blob], upload.name, { type: upload.type }) });
      hold(upload.id);
    }
  }
  return found;
}

/** Who is signed in here. */
export function person() {
  return document.querySelector('[data-user]')?.dataset.user ?? '';
}

async function sending() {
  if (!navigator.locks) return own;
  const { held } = await navigator.locks.query();
  return new Set([...own, ...held.map(({ name }) => name.replace(/^larder-upload:/, ''))]);
}

/** Other tabs leave an upload alone while this one is open. */
function hold(id) {
  own.add(id);
  navigator.locks?.request(`larder-upload:${id}`, { ifAvailable: true }, (lock) => lock && new Promise(() => {}));
}
