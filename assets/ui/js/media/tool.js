import { toast } from '../toast.js';

const at = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
let loading;

/**
 * Opens the image tool, which is loaded when it is first needed.
 *
 * `facts` are those of a picture of the library. `value` is its use, `{ url, alt, decorative }`; without one the tool
 * is about the picture itself: its own alternative text and its focal point. `shape` ("16:9") is the only one that is
 * allowed, `focus` the part to begin with: "alt", "crop" or "focal".
 *
 * Resolves with the new value; with `{ alt, focal }` where there was none; with null when nothing is to change.
 * `facts.focal` (and `facts.alt` without a use) are stored by then.
 */
export async function openImageTool(given) {
  try {
    loading ??= Promise.all([import(at('image-tool')), styles(at('image-tool-style'))]);
    const [tool] = await loading;
    return await tool.openImageTool(given);
  } catch (error) {
    loading = undefined;
    toast({ kind: 'error', title: 'The image tool could not be opened', detail: 'Check the connection and try again.' });
    console.error(error);
    return null;
  }
}

function styles(href) {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href, onload: resolve, onerror: () => reject(new Error('no styles')) });
    document.head.append(link);
  });
}
