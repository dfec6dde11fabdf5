// What every screen loads. Each file takes care of one thing and works on server-rendered HTML.
import './swap.js';
import './progress.js';
import './busy.js';
import './menu.js';
import './dialog.js';
import './tabs.js';
import './panel.js';
import './toasts.js';
import './theme.js';
import './select-list.js';
import './order.js';
import './keyboard.js';
import './clipboard.js';
import './times.js';
import './password.js';
import './guess.js';
import './editor/kept.js';
