// The custom elements of editing screens.

import { LdBlocks } from './blocks.js';
import { LdColour } from './colour.js';
import { LdEditor } from './editor.js';
import { LdImage } from './image.js';
import { LdLink } from './link.js';
import { LdRef } from './ref.js';
import { LdServed } from './served.js';
import { LdTerms } from './terms.js';
import { watchConditions } from './conditions.js';
import { watchDrops } from './dropping.js';

customElements.define('ld-image', LdImage);
customElements.define('ld-link', LdLink);
customElements.define('ld-colour', LdColour);
customElements.define('ld-ref', LdRef);
customElements.define('ld-terms', LdTerms);
customElements.define('ld-blocks', LdBlocks);
// Last: by then the parts of its form are ready.
customElements.define('ld-editor', LdEditor);
// It asks the editor where the entry is.
customElements.define('ld-served', LdServed);
watchDrops(document);
for (const form of document.querySelectorAll('ld-editor > form')) watchConditions(form);
