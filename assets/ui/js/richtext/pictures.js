// Pictures on their way into the library, and the places in the text that wait for them.

import { announce } from '../announce.js';
import { Pace, bring, uniqueId, upload } from '../upload.js';
import { WORDS } from './words.js';

/** A picture on its way: `state` is "waiting", "sending", "asking" (the library has it already), "failed" or "done";
 *  `said` are its bytes and seconds, `reason` says why it failed. */
class Delivery {
  state = 'waiting';
  percent = 0;
  said = '';
  reason = '';
  again = true;
  result = null;
  #stop = new AbortController();

  constructor(id, name, preview, start) {
    Object.assign(this, { id, name, preview, start });
  }

  get signal() {
    return this.#stop.signal;
  }

  cancel() {
    this.#stop.abort();
  }

  restart() {
    this.#stop = new AbortController();
    Object.assign(this, { state: 'waiting', percent: 0, said: '', reason: '' });
  }
}

/**
 * The deliveries of one text. Fires "change" when a state or percentage changes, "done" (`detail` is the delivery)
 * when a picture has arrived. A delivery whose place is deleted goes on, undo may bring the place back.
 */
export class Pictures extends EventTarget {
  #deliveries = new Map();
  #placeOf;

  /** `placeOf(id)` tells where a large picture is wanted, so that it arrives there after a reload, too. */
  constructor(placeOf) {
    super();
    this.#placeOf = placeOf;
  }

  /** Starts uploading a file, or goes on with a kept one; returns the id for the `upload` attribute of its place. */
  addFile(file, resumed) {
    const preview = URL.createObjectURL(file);
    return this.#add(file.name || 'picture', preview, (delivery) => {
      const pace = new Pace();
      return upload(file, {
        signal: delivery.signal,
        accept: 'image/*',
        place: () => this.#placeOf(delivery.id),
        resumed: delivery.resumed ?? resumed,
        onprogress: (progress) => {
          const { loaded, total } = progress;
          Object.assign(delivery, { state: 'sending', percent: total ? Math.floor((loaded / total) * 100) : 0, said: pace.say(progress) });
          this.#changed();
        },
      });
    });
  }

  /** Has the server fetch a picture; returns the id for its place. */
  addAddress(address) {
    return this.#add(address.split(/[?#]/)[0].split('/').pop() || address, null, (delivery) => bring(address, { signal: delivery.signal }));
  }

  find(id) {
    return this.#deliveries.get(id);
  }

  tryAgain(id) {
    const delivery = this.#deliveries.get(id);
    if (delivery?.state !== 'failed') return;
    delivery.restart();
    this.#run(delivery);
  }

  /** Takes the picture that the library had already. */
  accept(id) {
    const delivery = this.#deliveries.get(id);
    if (delivery?.state === 'asking') this.#done(delivery);
  }

  /** Deliveries among `ids` in one of the given states. */
  count(ids, ...states) {
    return ids.filter((id) => states.includes(this.#deliveries.get(id)?.state)).length;
  }

  /** Number of deliveries ever started. */
  get size() {
    return this.#deliveries.size;
  }

  /** Stops what is running and lets go of the local previews. */
  dispose() {
    for (const delivery of this.#deliveries.values()) {
      delivery.cancel();
      if (delivery.preview) URL.revokeObjectURL(delivery.preview);
    }
  }

  #add(name, preview, start) {
    // Unique beyond this text: a place may be copied into another one, where it must not show another picture.
    const delivery = new Delivery(uniqueId(), name, preview, start);
    this.#deliveries.set(delivery.id, delivery);
    this.#run(delivery);
    return delivery.id;
  }

  async #run(delivery) {
    this.#changed();
    try {
      delivery.result = await delivery.start(delivery);
      delivery.state = delivery.result.known ? 'asking' : 'done';
      if (delivery.state === 'done') this.#done(delivery);
      else announce(WORDS.known(delivery.name));
    } catch (error) {
      Object.assign(delivery, { state: 'failed', reason: error.message, again: error.again ?? true, resumed: error.resumed });
      announce(WORDS.uploadFailed(delivery.name, error.message), 'assertive');
    }
    this.#changed();
  }

  #done(delivery) {
    delivery.state = 'done';
    announce(WORDS.uploaded(delivery.name));
    this.dispatchEvent(new CustomEvent('done', { detail: delivery }));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** The attributes of a picture that has arrived. */
export function arrived({ result }, attributes) {
  const size = (length) => (length ? String(length) : null);
  return {
    ...attributes,
    upload: null,
    src: result.url,
    alt: attributes.alt ?? (result.alt || null),
    width: size(result.width),
    height: size(result.height),
    asset: result.id ?? null,
  };
}
