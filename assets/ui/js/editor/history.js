// Undo and redo of everything that is not typing: order, elements, pictures, choices. 100 steps.

const STEPS = 100;

export class History {
  #done = [];
  #undone = [];

  /** @param run `(ops)` shows and sends operations, and returns those that take them back */
  constructor(run) {
    this.run = run;
  }

  /** Remembers a step that was made: the operations that take it back. Returns the step. */
  push(label, back) {
    const step = { label, back };
    this.#done = [...this.#done, step].slice(-STEPS);
    this.#undone = [];
    return step;
  }

  /** Takes back the latest step, or the given one. Returns its label, or null when there is none. */
  undo(step = this.#done.at(-1)) {
    if (!step || !this.#done.includes(step)) return null;
    this.#done = this.#done.filter((other) => other !== step);
    this.#undone.push({ label: step.label, back: this.run(step.back) });
    return step.label;
  }

  /** Makes the step last taken back again. */
  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push({ label: step.label, back: this.run(step.back) });
    return step.label;
  }
}
