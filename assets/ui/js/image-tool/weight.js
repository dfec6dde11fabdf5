import { bytes } from '../upload.js';

// What a phone of today asks for: 400 points at twice the density.
const PHONE = 800;

/** How heavy a picture is on phones, measured from the rendition they would get: "about 84 KB as WebP on phones". */
export async function weightOf(address) {
  const [, tasks, id] = /^\/media\/(.*\/)?([A-Za-z0-9]+)$/.exec(address) ?? [];
  const response = await fetch(`/media/${tasks ?? ''}resize=width:${PHONE},fit:max/output=format:webp/${id}`);
  if (!response.ok) throw new Error(`answer ${response.status}`);
  const { size, type } = await response.blob();
  const kind = type === 'image/webp' ? 'WebP' : type.replace('image/', '').toUpperCase();
  return `About ${bytes(size)} as ${kind} on phones.`;
}
