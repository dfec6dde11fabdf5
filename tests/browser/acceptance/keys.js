// A person who uses nothing but the keyboard.

/** What has the focus, as assistive software names it. */
export function focused(page) {
  return page.evaluate(() => {
    const { activeElement: at } = document;
    const of = (ids) => (ids ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const name = at.getAttribute('aria-label') || of(at.getAttribute('aria-labelledby')) || at.labels?.[0]?.textContent || at.textContent || '';
    return name.trim().replace(/\s+/g, ' ');
  });
}

/** Presses Tab (or another key) until the focus is on what bears this name. */
export async function reach(page, name, key = 'Tab') {
  const passed = [];
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press(key);
    const here = await focused(page);
    if (name.test(here)) return;
    passed.push(here.slice(0, 40));
  }
  throw new Error(`${key} never came to ${name}, only to ${passed.join(', ')}`);
}

/** Presses keys one after the other. */
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Chooses a file in the system's dialog, which a key has opened. */
export async function choose(page, key, file) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press(key)]);
  await chooser.setFiles(file);
}
