// The custom elements of editing screens.

import { LdBlocks } from './blocks.js';
import { LdEditor } from './editor.js';
import { LdImage } from './image.js';
import { LdRef } from './ref.js';
import { LdTerms } from './terms.js';
import { watchDrops } from './dropping.js';

customElements.define('ld-image', LdImage);
customElements.define('ld-ref', LdRef);
customElements.define('ld-terms', LdTerms);
customElements.define('ld-blocks', LdBlocks);
// Last: by then the parts of its form are ready.
customElements.define('ld-editor', LdEditor);
watchDrops(document);
