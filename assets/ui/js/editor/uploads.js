// How many uploads are under way on this page: publishing waits for them.

let running = 0;

/** Uploads of fields and of texts. */
export function uploads() {
  return [...document.querySelectorAll('ld-richtext')].reduce((sum, text) => sum + (text.pending ?? 0), running);
}

/** Counts one more while `work` goes on; `element` tells the editor. */
export async function counted(element, work) {
  const tell = () => (element.isConnected ? element : document).dispatchEvent(new CustomEvent('ld-uploads', { bubbles: true }));
  running += 1;
  tell();
  try {
    return await work();
  } finally {
    running -= 1;
    tell();
  }
}
