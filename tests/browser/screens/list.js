// The screens of the dashboard and how one gets there.

/** The address of the first entry in a list. */
const first = (list) => async (page) => {
  await page.goto(list);
  return page.locator('main a[href^="/admin/c/"]').filter({ hasNotText: /^New/ })
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')).find((href) => /\/\d+$/.test(href)));
};

export const SCREENS = [
  { name: 'home', path: '/admin' },
  { name: 'posts', path: '/admin/c/posts' },
  { name: 'posts-nothing-found', path: '/admin/c/posts?q=zzzzzz' },
  { name: 'post-editor', path: first('/admin/c/posts') },
  { name: 'post-new', path: '/admin/c/posts/new' },
  { name: 'trash', path: '/admin/trash' },
  { name: 'people', path: '/admin/people' },
  { name: 'account', path: '/admin/account' },
  { name: 'settings', path: '/admin/settings' },
  { name: 'welcome', path: '/admin/welcome' },
  { name: 'licences', path: '/admin/about/licences' },
  { name: 'not-found', path: '/admin/nowhere' },
];
