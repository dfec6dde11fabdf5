// The same entry in two tabs of one person: one tab writes, the other says so. Both keep their text.

/** Fires `here` when this tab may write and `elsewhere` when another one does. */
export class Tabs extends EventTarget {
  #release = null;
  /** Null until it is known. */
  mine = null;

  /** @param handOver called before another tab takes over; what it returns is awaited, for at most 1.5 s */
  constructor(name, handOver) {
    super();
    this.name = `larder-edit:${name}`;
    this.handOver = handOver;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => this.#asked(data);
  }

  /** Takes the lock if no other tab has it. */
  async start() {
    if (!navigator.locks) {
      // An address without TLS has no locks. Two tabs then are like two people: the server tells conflicts.
      this.#become(true);
      return;
    }
    await this.#request({ ifAvailable: true });
  }

  /** Asks the other tab to hand over, and takes over in any case. */
  async take() {
    this.channel.postMessage('take');
    const waiting = new AbortController();
    const patience = setTimeout(() => {
      waiting.abort();
      this.#request({ steal: true });
    }, 2500);
    await this.#request({ signal: waiting.signal });
    clearTimeout(patience);
  }

  stop() {
    this.#release?.();
    this.channel.close();
  }

  #request(options) {
    return new Promise((resolve) => {
      navigator.locks.request(this.name, options, (lock) => {
        this.#become(Boolean(lock));
        resolve();
        return lock ? new Promise((release) => { this.#release = release; }) : undefined;
      }).catch(() => {
        // Stolen by a tab that got no answer from this one, or given up in favour of stealing.
        if (this.mine) this.#become(false);
        resolve();
      });
    });
  }

  async #asked(data) {
    if (data !== 'take' || !this.#release) return;
    await Promise.race([this.handOver(), new Promise((resolve) => { setTimeout(resolve, 1500); })]);
    this.#release?.();
    this.#release = null;
    this.#become(false);
  }

  #become(mine) {
    if (this.mine === mine) return;
    this.mine = mine;
    this.dispatchEvent(new Event(mine ? 'here' : 'elsewhere'));
  }
}
