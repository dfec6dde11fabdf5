// Screens about who may come in: passkeys, and asking the API.
import './passkeys.js';
import './explore.js';
