// What every screen knows of text that is only on this device: the list on Home, the question before signing out.

import { LdWaiting, guardSignOut } from './waiting.js';

customElements.define('ld-waiting', LdWaiting);

// Whoever is signed in is named by the screen; where nobody is, there is nothing to ask about.
const named = document.querySelector('[data-user]');
if (named) guardSignOut(named.dataset.user);
