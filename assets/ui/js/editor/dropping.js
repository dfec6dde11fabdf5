// Files dragged over an editor: the place that takes them lights up, and a drop anywhere lands there.

import { toast } from '../toast.js';

// The inner ones first: over a picture in a gallery, the picture is meant.
const AREAS = ['ld-image', 'ld-richtext', 'ld-blocks[data-files]'];

/** Watches drags of files over `root`. */
export function watchDrops(root) {
  let depth = 0;
  let chosen = null;
  const light = (area, types) => {
    for (const other of root.querySelectorAll(AREAS.join())) {
      const can = types && takes(other, types);
      other.classList.toggle('can-take', Boolean(can));
      other.classList.toggle('takes-drop', other === area);
    }
    chosen = area;
  };
  const over = () => {
    depth = 0;
    light(null, null);
  };
  root.addEventListener('dragenter', (event) => { if (filesIn(event)) depth += 1; });
  root.addEventListener('dragleave', (event) => {
    if (filesIn(event) && (depth -= 1) <= 0) over();
  });
  root.addEventListener('dragover', (event) => {
    if (!filesIn(event)) return;
    event.preventDefault();
    const types = typesOf(event.dataTransfer);
    light(areaFor(root, event, types), types);
    event.dataTransfer.dropEffect = chosen ? 'copy' : 'none';
  });
  root.addEventListener('drop', (event) => {
    if (!filesIn(event)) return;
    const area = chosen;
    over();
    // Inside the text its own editor puts the pictures where they were dropped.
    if (event.defaultPrevented) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (area && files.length) area.takeFiles(files);
    else if (files.length) toast({ kind: 'warn', title: 'There is no place for this file here', detail: 'Drop it on a field for pictures or files, or on a text that may hold pictures.' });
  });
}

function filesIn({ dataTransfer }) {
  return [...(dataTransfer?.types ?? [])].includes('Files');
}

/** The types of what is dragged; '' where the browser does not tell before it is dropped. */
function typesOf({ items }) {
  const files = [...items].filter(({ kind }) => kind === 'file').map(({ type }) => type);
  return files.length ? files : [''];
}

function takes(area, types) {
  return area.isConnected && area.offsetParent !== null && types.some((type) => area.takes?.(type));
}

/** The area under the pointer, else the nearest one that takes what is dragged. */
function areaFor(root, { clientX, clientY }, types) {
  const able = AREAS.flatMap((kind) => [...root.querySelectorAll(kind)]).filter((area) => takes(area, types));
  const distance = (area) => {
    const { left, right, top, bottom } = area.getBoundingClientRect();
    return Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
  };
  return able.sort((one, other) => distance(one) - distance(other))[0] ?? null;
}
