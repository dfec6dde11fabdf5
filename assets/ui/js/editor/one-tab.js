// Of the tabs of one person with the same entry, one writes; the others are still until they take it over.

import { Tabs } from './tabs.js';

/** Starts watching. `name` is what the tabs have in common, `handOver` is awaited before another one takes over, `back` is
 *  called when this one may write again. Returns the `Tabs`. */
export function oneTab({ name, root, banners, handOver, back }) {
  const tabs = new Tabs(name, handOver);
  let still = false;
  tabs.addEventListener('elsewhere', () => {
    still = true;
    freeze(root, banners.place, true);
    banners.show('tabs', {
      look: 'n', icon: 'monitor', urgent: true, title: 'Open in another tab', text: 'What you wrote here stays. To write in this tab, take it over.',
      buttons: [{ text: 'Edit here', act: () => tabs.take() }],
    });
  });
  tabs.addEventListener('here', () => {
    freeze(root, banners.place, false);
    banners.hide('tabs');
    if (still) back();
    still = false;
  });
  tabs.start();
  return tabs;
}

/** Stops writing in `root`, except for what is in `spared`, which may be inside. */
function freeze(root, spared, on) {
  let here = root.contains(spared) ? spared : root.lastElementChild;
  for (; here !== root; here = here.parentElement) {
    for (const beside of here.parentElement.children) if (beside !== here || !here.contains(spared)) beside.inert = on;
  }
}
