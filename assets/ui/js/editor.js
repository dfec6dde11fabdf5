// What only the screens for writing load: the save queue with its form, and the rich text.
import './editor/index.js';
import './richtext/index.js';
