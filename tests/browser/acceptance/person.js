// Somebody whose actions are counted.

/** Counts what is done: each step is one action of a person. */
export class Person {
  done = [];

  constructor(page) {
    this.page = page;
  }

  async fill(label, text) {
    this.done.push(`types ${label}`);
    await this.page.getByLabel(label, { exact: true }).first().fill(text);
  }

  async press(name, role = 'button') {
    this.done.push(`presses ${name}`);
    await this.page.getByRole(role, { name }).first().click();
  }
}
